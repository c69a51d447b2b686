import type { TaskStateCode } from '../../model/index.ts';
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
 * Pending and running tasks of each task manager; those that wait out a delay do not count. While some do, or where
 * only very many tasks in scope are to run, up to 1,000 pending ones of a lane are counted.
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
const MOST = 1000;

const LANES = `SELECT lane, sum(iif(state = 3, count, 0)) pending, sum(iif(state = 4, count, 0)) running
  FROM tally WHERE state IN (3, 4) GROUP BY lane HAVING sum(count) > 0`;

function claimableOf(condition = ''): string {
  return `(SELECT count(*) FROM (
    SELECT 1 FROM task WHERE task.lane = one.lane AND ${CLAIMABLE}${condition} LIMIT ${MOST}))`;
}

const COUNT = `SELECT lane, running,
    iif(pending > 0 AND EXISTS (SELECT 1 FROM task WHERE due IS NOT NULL), ${claimableOf()}, pending) pending
  FROM (${LANES}) one`;

// With the plus SQLite goes through what is pending or runs, and not through all that is in scope.
const IN_SCOPE = ' AND +task.id IN (SELECT scope.task FROM scope)';

const COUNT_IN_SCOPE = `SELECT lane, 0 running, ${claimableOf(
  `${IN_SCOPE} AND task.id BETWEEN (SELECT min(task) FROM scope) AND (SELECT max(task) FROM scope)`,
)} pending FROM (${LANES}) one WHERE pending > 0
  UNION ALL SELECT lane, count(*), 0 FROM task WHERE state = 4${IN_SCOPE} GROUP BY lane`;

const COUNT_IN_SMALL_SCOPE = `SELECT task.lane, sum(task.state = 4) running, sum(task.state = 3) pending
  FROM scope CROSS JOIN task ON task.id = scope.task WHERE task.state IN (3, 4) AND task.due IS NULL GROUP BY task.lane`;

function countInScope(db: Database): string {
  const isSmall = db.get('SELECT 1 FROM scope LIMIT 1 OFFSET ?', MOST) === undefined;
  return isSmall ? COUNT_IN_SMALL_SCOPE : COUNT_IN_SCOPE;
}
