import { TaskState, type TaskStateCode } from '../../model/index.ts';
import type { Database } from '../driver.ts';
import { tallyConditions, type TallyQuery, whereAll } from './tally-conditions.ts';

export interface CountRow {
  readonly state: TaskStateCode;
  readonly count: number;
}

/** Counts by state, optionally of some app names or task managers only. */
export function countByState(db: Database, of: TallyQuery = {}): CountRow[] {
  const { sql, values } = whereAll(tallyConditions(of));
  return db.all<CountRow>(
    `SELECT state, sum(count) count FROM tally${sql} GROUP BY state HAVING sum(count) > 0`,
    ...values,
  );
}

export interface TaskManagerCounts {
  readonly id: number;
  readonly key: string;
  readonly scheduler: string;
  readonly provider: string;
  readonly environ: string;
  readonly pending: number;
  readonly running: number;
}

/**
 * Pending and running tasks of each task manager; those that wait out a delay do not count. While some do, up to 1,000
 * pending ones of a lane are counted.
 */
export function countByTaskManager(db: Database, scoped: boolean): TaskManagerCounts[] {
  return db.all<TaskManagerCounts>(
    `SELECT task_manager.id, task_manager.key, scheduler, provider, environ,
       sum(t.pending) pending, sum(t.running) running
     FROM (${scoped ? countInScope(db) : COUNT}) t
     JOIN lane ON lane.id = t.lane JOIN task_manager ON task_manager.id = lane.task_manager
     GROUP BY task_manager.id ORDER BY task_manager.id`,
  );
}

const CLAIMABLE = 'task.state = 3 AND task.due IS NULL';

const COUNT = `SELECT lane, running, iif(pending > 0 AND EXISTS (SELECT 1 FROM task WHERE due IS NOT NULL),
    (SELECT count(*) FROM (SELECT 1 FROM task WHERE task.lane = one.lane AND ${CLAIMABLE} LIMIT 1000)), pending) pending
  FROM (SELECT lane, sum(iif(state = 3, count, 0)) pending, sum(iif(state = 4, count, 0)) running
    FROM tally WHERE state IN (3, 4) GROUP BY lane HAVING sum(count) > 0) one`;

/** Begins with the tasks in scope, or with those that are pending and running, whichever are fewer. */
function countInScope(db: Database): string {
  const pending = countByState(db, { states: [TaskState.PENDING] })[0]?.count ?? 0;
  const isWide = db.get('SELECT 1 FROM scope LIMIT 1 OFFSET ?', pending) !== undefined;
  const ofLanes = (from: string, where: string): string =>
    `SELECT task.lane, sum(task.state = 3) pending, sum(task.state = 4) running FROM ${from} WHERE ${where} GROUP BY task.lane`;
  if (!isWide)
    return ofLanes(
      'scope CROSS JOIN task ON task.id = scope.task',
      'task.state IN (3, 4) AND task.due IS NULL',
    );
  const inScope = 'task.id IN (SELECT scope.task FROM scope)';
  return `${ofLanes('task', `${CLAIMABLE} AND ${inScope}`)} UNION ALL ${ofLanes('task', `task.state = 4 AND ${inScope}`)}`;
}
