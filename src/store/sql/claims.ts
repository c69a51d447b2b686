import { PipeError } from '../../errors.ts';
import { TaskState } from '../../model/index.ts';
import type { Database } from '../driver.ts';
import type { Transaction } from '../transaction.ts';

/** Pending tasks of a lane, and what an agent must know to run them. */
export interface PendingLane {
  readonly lane: number;
  readonly taskManager: number;
  readonly cwd: string;
  readonly options: string;
  readonly priority: number;
  readonly pending: number;
  /** Row id of the task that waits longest; those that wait out a delay are not among them. */
  readonly first: number;
}

/**
 * The lanes with pending tasks for which the agent has slots, highest priority first, then oldest task first. Tasks of
 * the apps in `except` do not count. While tasks wait out delays, up to 1,000 others of a lane are counted.
 */
export function pendingLanes(
  db: Database,
  agent: number,
  { scoped, except = [] }: { readonly scoped: boolean; readonly except?: readonly number[] },
): PendingLane[] {
  return db.all<PendingLane>(
    `WITH found AS MATERIALIZED (
       SELECT t.lane, t.pending, lane.task_manager, lane.cwd, lane.options, lane.priority, ${firstOf(db, scoped)} first
       FROM (SELECT lane, sum(count) pending FROM tally WHERE state = 3 AND ${NOT_OF} GROUP BY lane HAVING pending > 0) t
       CROSS JOIN lane ON lane.id = t.lane CROSS JOIN slot ON slot.task_manager = lane.task_manager AND slot.agent = ?)
     SELECT lane, task_manager taskManager, cwd, options, priority, first,
       iif(EXISTS (SELECT 1 FROM task WHERE due IS NOT NULL), min(pending, (SELECT count(*) FROM (
         SELECT 1 FROM task WHERE task.lane = found.lane AND ${CLAIMABLE} LIMIT 1000))), pending) pending
     FROM found WHERE first IS NOT NULL ORDER BY priority DESC, first`,
    JSON.stringify(except),
    agent,
  );
}

/** A task that an agent took, with what a worker needs to run it beside the code. */
export interface ClaimedTask {
  readonly id: number;
  readonly app: number;
  readonly lane: number;
  /** Number of the attempt: the fence. */
  readonly attempts: number;
  /** 1 where its worker is to run nothing beside it. */
  readonly alone: number;
  /** Hex digits. */
  readonly identity: string;
  /** Number of the call among those of its app. */
  readonly number: number;
  readonly key: string;
  readonly args: string | null;
  readonly blob: string | null;
}

/**
 * Takes up to `limit` pending tasks of a lane for an agent, the oldest first, none of the apps in `except`. A task
 * whose killed attempt may still be dying waits.
 */
export function claimTasks(
  tx: Transaction,
  { agent, lane, limit, scoped, except = [] }: ClaimWish,
): ClaimedTask[] {
  const dying = tx.db.all<{ task: number }>('SELECT task FROM kill_request').map(({ task }) => task);
  const lists = [except, dying].filter(({ length }) => length > 0);
  const rows = tx.db.tuples<ClaimedRow>(
    `SELECT task.id, task.app, task.attempts + 1, task.alone, lower(hex(task.identity)), call.number, call.key,
       call.args, call.blob
     FROM task JOIN call ON call.id = task.call
     WHERE task.lane = ? AND ${CLAIMABLE}${inScope(scoped)}${except.length > 0 ? ` AND ${NOT_OF}` : ''}
       ${dying.length > 0 ? ' AND task.id NOT IN (SELECT value FROM json_each(?))' : ''} ORDER BY task.id LIMIT ${PREPARED_ONCE}`,
    lane,
    ...lists.map((list) => JSON.stringify(list)),
    limit,
  );
  const claimed = rows.map(
    ([id, app, attempts, alone, identity, number, key, args, blob]): ClaimedTask => ({
      id,
      app,
      lane,
      attempts,
      alone,
      identity,
      number,
      key,
      args,
      blob,
    }),
  );
  tx.db.run(
    `UPDATE task SET state = 4, agent = ?, attempts = attempts + 1 WHERE id IN (SELECT value FROM json_each(?))`,
    agent,
    JSON.stringify(claimed.map(({ id }) => id)),
  );
  for (const [app, tasks] of Map.groupBy(claimed, (task) => task.app)) {
    const ids = tasks.map(({ id }) => id);
    tx.changedAlike(ids, { app, lane, state: TaskState.PENDING, to: TaskState.RUNNING });
  }
  return claimed;
}

type ClaimedRow = readonly [
  id: number,
  app: number,
  attempts: number,
  alone: number,
  identity: string,
  number: number,
  key: string,
  args: string | null,
  blob: string | null,
];

/** What an agent wants to claim. */
export interface ClaimWish {
  readonly agent: number;
  readonly lane: number;
  readonly limit: number;
  readonly scoped: boolean;
  /** Row ids of apps. */
  readonly except?: readonly number[];
}

// A bare parameter as the limit has SQLite plan for its value, so that it prepares the statement anew each time.
const PREPARED_ONCE = '? + 0';

const NOT_OF = 'app NOT IN (SELECT value FROM json_each(?))';

// Word for word the condition of the index on pending tasks.
const CLAIMABLE = 'task.state = 3 AND task.due IS NULL';

/** In scope are mostly tasks that were added one after the other: others before and after them are not read. */
function inScope(scoped: boolean): string {
  if (!scoped) return '';
  // With the plus SQLite goes through what is pending, and not through all that is in scope.
  return ` AND +task.id IN (SELECT task FROM scope)
    AND task.id BETWEEN (SELECT min(task) FROM scope) AND (SELECT max(task) FROM scope)`;
}

const FEW_IN_SCOPE = 1000;

/** The first task of a lane that can be claimed. Where few are in scope it begins with these. */
function firstOf(db: Database, scoped: boolean): string {
  const isFew = scoped && db.get('SELECT 1 FROM scope LIMIT 1 OFFSET ?', FEW_IN_SCOPE) === undefined;
  const from = isFew ? 'scope CROSS JOIN task ON task.id = scope.task' : 'task';
  const where = `task.lane = lane.id AND ${CLAIMABLE}${isFew ? '' : inScope(scoped)}`;
  return `(SELECT task.id FROM ${from} WHERE ${where} ORDER BY task.id LIMIT 1)`;
}

/** What the tasks of an app share, whatever their arguments. */
export interface AppRow {
  readonly id: number;
  readonly name: string;
  readonly kind: string;
  /** Row id of its code. */
  readonly program: number;
}

export function appRow(db: Database, app: number): AppRow | undefined {
  return db.get<AppRow>(
    `SELECT app.id, app_name.name, app.kind, app.program FROM app JOIN app_name ON app_name.id = app.name
     WHERE app.id = ?`,
    app,
  );
}

/** The arguments of a call as they were encoded. */
export function argsText(row: { readonly key: string; readonly args: string | null }): string {
  if (row.args !== null) return row.args;
  const end = row.key.indexOf('\n');
  return end < 0 ? row.key : row.key.slice(0, end);
}

/** False where a call certainly takes no Futures: these stand in a line of their own after the arguments. */
export function takesFutures({ key }: { readonly key: string }): boolean {
  if (typeof key !== 'string') throw damagedKey(key);
  return key.includes('\n');
}

function damagedKey(key: unknown): PipeError {
  return new PipeError(
    'QUEUE_DAMAGED',
    `The queue file holds ${JSON.stringify(key)} where the arguments of a call were stored. See: tspipe check.`,
  );
}
