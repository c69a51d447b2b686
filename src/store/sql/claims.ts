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
 * the apps in `except` do not count.
 */
export function pendingLanes(
  db: Database,
  agent: number,
  { scoped, except = [] }: { readonly scoped: boolean; readonly except?: readonly number[] },
): PendingLane[] {
  return db.all<PendingLane>(
    `SELECT lane.id lane, lane.task_manager taskManager, lane.cwd, lane.options, lane.priority,
       t.pending - coalesce(d.delayed, 0) pending,
       (SELECT min(task.id) FROM task WHERE task.lane = lane.id AND ${CLAIMABLE}${inScope(scoped)}) first
     FROM (SELECT lane, sum(count) pending FROM tally WHERE state = 3 AND ${NOT_OF} GROUP BY lane HAVING pending > 0) t
     LEFT JOIN (SELECT lane, count(*) delayed FROM task WHERE due IS NOT NULL GROUP BY lane) d ON d.lane = t.lane
     JOIN lane ON lane.id = t.lane JOIN slot ON slot.task_manager = lane.task_manager AND slot.agent = ?
     WHERE first IS NOT NULL ORDER BY lane.priority DESC, first`,
    JSON.stringify(except),
    agent,
  );
}

export interface ClaimedTask {
  readonly id: number;
  readonly call: number;
  readonly app: number;
  readonly lane: number;
  /** Number of the attempt: the fence. */
  readonly attempts: number;
  /** 1 where its worker is to run nothing beside it. */
  readonly alone: number;
}

/**
 * Takes up to `limit` pending tasks of a lane for an agent, the oldest first, none of the apps in `except`. A task
 * whose killed attempt may still be dying waits.
 */
export function claimTasks(
  tx: Transaction,
  { agent, lane, limit, scoped, except = [] }: ClaimWish,
): ClaimedTask[] {
  const claimed = tx.db.all<ClaimedTask>(
    `UPDATE task SET state = 4, agent = ?, attempts = attempts + 1
     WHERE id IN (SELECT id FROM task WHERE lane = ? AND ${CLAIMABLE}${inScope(scoped)}${except.length > 0 ? ` AND ${NOT_OF}` : ''}
       AND NOT EXISTS (SELECT 1 FROM kill_request WHERE kill_request.task = task.id) ORDER BY id LIMIT ?)
     RETURNING id, call, app, lane, attempts, alone`,
    agent,
    lane,
    ...(except.length > 0 ? [JSON.stringify(except)] : []),
    limit,
  );
  for (const task of claimed) tx.changed({ ...task, state: TaskState.PENDING }, TaskState.RUNNING);
  return claimed.sort((a, b) => a.id - b.id);
}

/** What an agent wants to claim. */
export interface ClaimWish {
  readonly agent: number;
  readonly lane: number;
  readonly limit: number;
  readonly scoped: boolean;
  /** Row ids of apps. */
  readonly except?: readonly number[];
}

const NOT_OF = 'app NOT IN (SELECT value FROM json_each(?))';

// Word for word the condition of the index on pending tasks.
const CLAIMABLE = 'task.state = 3 AND task.due IS NULL';

function inScope(scoped: boolean): string {
  return scoped ? ' AND task.id IN (SELECT task FROM scope)' : '';
}

/** What a worker needs to run a task. */
export interface TaskInput {
  readonly name: string;
  readonly number: number;
  readonly kind: string;
  readonly identity: string;
  readonly program: number;
  readonly key: string;
  readonly args: string | null;
  readonly blob: string | null;
  readonly taskIdentity: Uint8Array;
}

export function taskInput(db: Database, task: number): TaskInput | undefined {
  return db.get<TaskInput>(
    `SELECT app_name.name, call.number, app.kind, app.identity, app.program, call.key, call.args, call.blob,
       task.identity taskIdentity
     FROM task JOIN app ON app.id = task.app JOIN app_name ON app_name.id = app.name
     JOIN call ON call.id = task.call WHERE task.id = ?`,
    task,
  );
}

/** The arguments of a call as they were encoded. */
export function argsText(row: { readonly key: string; readonly args: string | null }): string {
  if (row.args !== null) return row.args;
  const end = row.key.indexOf('\n');
  return end < 0 ? row.key : row.key.slice(0, end);
}
