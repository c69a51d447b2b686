import type { TaskStateCode } from '../../model/index.ts';
import type { Database, SqlValue } from '../driver.ts';
import { CORE, type TaskCore } from '../transaction.ts';

/** A task as listings show it. */
export interface TaskRow {
  readonly id: number;
  readonly identity: Uint8Array;
  readonly name: string;
  readonly kind: string;
  /** Code, kind and declared environment. */
  readonly app_identity: string;
  readonly number: number;
  readonly state: TaskStateCode;
  readonly attempts: number;
  readonly call: number;
  readonly program: number;
  readonly key: string;
  readonly args: string | null;
  readonly blob: string | null;
  readonly task_manager: string;
  readonly lane: number;
  readonly agent: number | null;
  readonly previous: number | null;
  /** Before this it is not claimed: milliseconds since 1970; null where it waits out no delay. */
  readonly due: number | null;
}

/** What to list; the values of one condition are alternatives. */
export interface TaskQuery {
  /** Row ids. */
  readonly rows?: readonly number[] | undefined;
  /** Ids or their beginnings, in hex digits. */
  readonly ids?: readonly string[] | undefined;
  readonly states?: readonly TaskStateCode[] | undefined;
  /** Ids of task managers. */
  readonly taskManagers?: readonly string[] | undefined;
  readonly jobs?: readonly string[] | undefined;
  readonly names?: readonly string[] | undefined;
  readonly indices?: readonly number[] | undefined;
  readonly limit?: number | undefined;
  /** Row id after which to begin. */
  readonly after?: number | undefined;
}

const FROM = `FROM task JOIN call ON call.id = task.call JOIN app ON app.id = task.app
  JOIN app_name ON app_name.id = app.name JOIN lane ON lane.id = task.lane
  JOIN task_manager ON task_manager.id = lane.task_manager`;

const COLUMNS = `task.id, task.identity, app_name.name, app.kind, app.identity app_identity, call.number, task.state, task.attempts, task.call,
  app.program, call.key, call.args, call.blob, task_manager.key task_manager, task.lane, task.agent, task.previous, task.due`;

/** Tasks in the order they were added. */
export function selectTasks(db: Database, query: TaskQuery): TaskRow[] {
  const { where, values } = conditions(query);
  const limit = query.limit === undefined ? '' : ' LIMIT ?';
  if (query.limit !== undefined) values.push(query.limit);
  return db.all<TaskRow>(`SELECT ${COLUMNS} ${FROM}${where} ORDER BY task.id${limit}`, ...values);
}

/** Row ids only. */
export function selectTaskIds(db: Database, query: TaskQuery): number[] {
  const { where, values } = conditions(query);
  const limit = query.limit === undefined ? '' : ' LIMIT ?';
  if (query.limit !== undefined) values.push(query.limit);
  return db
    .all<{ id: number }>(`SELECT task.id ${FROM}${where} ORDER BY task.id${limit}`, ...values)
    .map(({ id }) => id);
}

function conditions(query: TaskQuery): { where: string; values: SqlValue[] } {
  const parts: string[] = [];
  const values: SqlValue[] = [];
  const among = (column: string, list: readonly SqlValue[] | undefined) => {
    if (list === undefined) return;
    parts.push(`${column} IN (SELECT value FROM json_each(?))`);
    values.push(JSON.stringify(list));
  };
  among('task.id', query.rows);
  among('task.state', query.states);
  among('task_manager.key', query.taskManagers);
  among('app_name.name', query.names);
  among('call.number', query.indices);
  if (query.ids !== undefined) {
    const prefixes = query.ids.map((id) => id.toUpperCase());
    parts.push(
      'EXISTS (SELECT 1 FROM json_each(?) WHERE substr(hex(task.identity), 1, length(value)) = value)',
    );
    values.push(JSON.stringify(prefixes));
  }
  if (query.jobs !== undefined) {
    parts.push(`(SELECT process.job FROM process WHERE process.id = coalesce(task.agent,
      (SELECT agent FROM attempt WHERE attempt.task = task.id ORDER BY attempt.id DESC LIMIT 1)))
      IN (SELECT value FROM json_each(?))`);
    values.push(JSON.stringify(query.jobs));
  }
  if (query.after !== undefined) {
    parts.push('task.id > ?');
    values.push(query.after);
  }
  return { where: parts.length === 0 ? '' : ` WHERE ${parts.join(' AND ')}`, values };
}

export interface CountRow {
  readonly state: TaskStateCode;
  readonly count: number;
}

/** Counts by state, optionally of some app names or task managers only. */
export function countByState(
  db: Database,
  of: {
    readonly names?: readonly string[] | undefined;
    readonly taskManagers?: readonly string[] | undefined;
  } = {},
): CountRow[] {
  const names = of.names === undefined ? null : JSON.stringify(of.names);
  const managers = of.taskManagers === undefined ? null : JSON.stringify(of.taskManagers);
  return db.all<CountRow>(
    `SELECT tally.state, sum(tally.count) count FROM tally JOIN app ON app.id = tally.app
     JOIN app_name ON app_name.id = app.name JOIN lane ON lane.id = tally.lane
     JOIN task_manager ON task_manager.id = lane.task_manager
     WHERE (? IS NULL OR app_name.name IN (SELECT value FROM json_each(?)))
       AND (? IS NULL OR task_manager.key IN (SELECT value FROM json_each(?)))
     GROUP BY tally.state HAVING sum(tally.count) > 0`,
    names,
    names,
    managers,
    managers,
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

/** Pending and running tasks of each task manager; those that wait out a delay do not count. */
export function countByTaskManager(db: Database, scoped: boolean): TaskManagerCounts[] {
  const source = scoped
    ? 'SELECT task.lane, task.state, count(*) count FROM scope JOIN task ON task.id = scope.task WHERE task.state IN (3, 4) AND task.due IS NULL GROUP BY 1, 2'
    : `SELECT lane, state, count FROM tally WHERE state IN (3, 4) AND count > 0
       UNION ALL SELECT lane, 3, -count(*) FROM task WHERE due IS NOT NULL GROUP BY lane`;
  return db.all<TaskManagerCounts>(
    `SELECT task_manager.id, task_manager.key, scheduler, provider, environ,
       sum(iif(t.state = 3, t.count, 0)) pending, sum(iif(t.state = 4, t.count, 0)) running
     FROM (${source}) t JOIN lane ON lane.id = t.lane JOIN task_manager ON task_manager.id = lane.task_manager
     GROUP BY task_manager.id ORDER BY task_manager.id`,
  );
}

/** The state of a task; undefined where it was removed. */
export function stateOf(db: Database, id: number): TaskStateCode | undefined {
  return db.get<{ state: TaskStateCode }>('SELECT state FROM task WHERE id = ?', id)?.state;
}

/** The tasks an agent holds, also those of which it is not known whether it still does. */
export function heldTasks(db: Database, agent: number): TaskCore[] {
  return db.all<TaskCore>(`SELECT ${CORE} FROM task WHERE state IN (4, 8) AND agent = ? ORDER BY id`, agent);
}

export interface RunningTask {
  readonly identity: Uint8Array;
  readonly host: string | null;
  readonly job: string | null;
  readonly pid: number | null;
}

/** The tasks that run now, with the agents that hold them. */
export function runningTasks(db: Database): RunningTask[] {
  return db.all<RunningTask>(
    `SELECT task.identity, process.host, process.job, process.pid FROM task
     JOIN process ON process.id = task.agent WHERE task.state = 4 ORDER BY task.id`,
  );
}

/** Row id of the newest task: grows with every one that is added. */
export function newestTask(db: Database): number {
  return db.get<{ id: number | null }>('SELECT max(id) id FROM task')?.id ?? 0;
}

/** States of tasks by row id. */
export function statesOf(db: Database, ids: readonly number[]): { id: number; state: TaskStateCode }[] {
  return db.all(
    'SELECT id, state FROM task WHERE id IN (SELECT value FROM json_each(?))',
    JSON.stringify(ids),
  );
}

const NEEDED = `WITH RECURSIVE needed (task) AS (
  SELECT value FROM json_each(?) UNION SELECT requirement FROM needed JOIN requires USING (task))`;

/** Counts by state of these tasks and all that they require. */
export function countNeeded(db: Database, rows: readonly number[]): CountRow[] {
  return db.all<CountRow>(
    `${NEEDED} SELECT task.state, count(*) count FROM needed JOIN task ON task.id = needed.task GROUP BY task.state`,
    JSON.stringify(rows),
  );
}

/**
 * States, now, of the tasks of which an attempt ended after the one with id `after`; with `rows` of these and of what
 * they require only.
 */
export function countEndedSince(db: Database, after: number, rows?: readonly number[]): CountRow[] {
  const counted = `SELECT task.state, count(DISTINCT task.id) count FROM attempt JOIN task ON task.id = attempt.task
     WHERE attempt.id > ?`;
  if (rows === undefined) return db.all<CountRow>(`${counted} GROUP BY task.state`, after);
  return db.all<CountRow>(
    `${NEEDED} ${counted} AND task.id IN (SELECT task FROM needed) GROUP BY task.state`,
    JSON.stringify(rows),
    after,
  );
}

/** Whether agents other than one hold tasks. */
export function runsElsewhere(db: Database, agent: number): boolean {
  return db.get('SELECT 1 FROM task WHERE state = 4 AND agent <> ? LIMIT 1', agent) !== undefined;
}

/** Running tasks of each task manager on agents other than one. */
export function runningElsewhere(db: Database, agent: number): { taskManager: number; running: number }[] {
  return db.all(
    `SELECT lane.task_manager taskManager, count(*) running FROM task JOIN lane ON lane.id = task.lane
     WHERE task.state = 4 AND task.agent <> ? GROUP BY lane.task_manager`,
    agent,
  );
}
