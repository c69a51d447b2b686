import { PipeError } from '../errors.ts';
import { isEnded, TaskState, type TaskStateName } from '../model/index.ts';
import { encodeValue } from '../serialization/index.ts';
import {
  countByState,
  deleteAllTasks,
  deleteTasks,
  dependentsOf,
  killTask,
  liveProcesses,
  requestStop,
  retryTask,
  selectTaskIds,
  selectTasks,
  type Transaction,
  withDependents,
} from '../store/index.ts';
import { callAgain } from './call-again.ts';
import { Future } from './future.ts';
import type { QueueHost } from './queue-host.ts';
import type { Task } from './task.ts';
import { type TaskFilter, taskQuery } from './task-filter.ts';
import { inSlices } from './slices.ts';
import { taskId } from './why-failed.ts';

export interface AddOptions {
  readonly replace?: boolean;
}

/** Adds copies of tasks; see `Queue.add`. */
export async function addTasks(
  host: QueueHost,
  tasks: readonly Task[],
  { replace = false }: AddOptions,
): Promise<Future[]> {
  const futures = tasks.map((task) => callAgain(host, task));
  const rows = futures.map((future) => Future.rowOf(future));
  if (replace) {
    await host.store.write((tx) => {
      for (const row of rows) retryTask(tx, row);
    });
    host.afterInsert();
  }
  return futures;
}

export interface RemoveOptions {
  readonly cascade?: boolean;
}

/** Takes a task out; see `Queue.remove`. */
export async function removeTask(
  { store }: QueueHost,
  task: Task,
  { cascade = false }: RemoveOptions,
): Promise<void> {
  await store.write((tx) => {
    const gone = cascade ? withDependents(tx.db, [task.row]) : [task.row];
    const needing = dependentsOf(tx.db, gone).filter((row) => !gone.includes(row) && isUnfinished(tx, row));
    if (needing.length > 0) {
      const ids = selectTasks(tx.db, { rows: needing.slice(0, 3) }).map(({ identity }) => taskId(identity));
      throw new PipeError(
        'TASK_NEEDED',
        `Task ${task.id} is needed by ${needing.length} unfinished tasks (${ids.join(', ')}). Use cascade: true.`,
      );
    }
    assertNoneRuns(tx, gone);
    deleteTasks(tx, gone);
  });
}

function isUnfinished(tx: Transaction, row: number): boolean {
  const state = tx.core(row)?.state;
  return state !== undefined && !isEnded(state) && state !== TaskState.SUPERSEDED;
}

function assertNoneRuns(tx: Transaction, rows: readonly number[]): void {
  const running = rows.find((row) => tx.core(row)?.state === TaskState.RUNNING);
  if (running === undefined) return;
  const id = selectTasks(tx.db, { rows: [running] }).map(({ identity }) => taskId(identity));
  throw new PipeError('TASK_NEEDED', `Task ${id} is running. Kill it first: queue.kill({ tid: '${id}' }).`);
}

export interface RetryOptions {
  readonly downstream?: boolean;
}

/** Makes ended tasks ready to run again; see `Queue.retry`. */
export async function retryTasks(
  host: QueueHost,
  filter: TaskFilter,
  { downstream = false }: RetryOptions,
): Promise<number> {
  host.submitter.flushNow();
  const state: TaskStateName[] = ['FAILED', 'KILLED', 'UNKNOWN'];
  const query = taskQuery(host.store, { state, ...filter });
  const rows = host.store.read((db) => selectTaskIds(db, query));
  const asked = new Set(rows);
  const all = downstream ? host.store.read((db) => withDependents(db, rows)).sort((a, b) => a - b) : rows;
  const retried = await inSlices(host.store, all, (tx, slice) => {
    const matching = new Set(selectTaskIds(tx.db, { rows: slice, states: query.states }));
    return slice.filter((row) => (!asked.has(row) || matching.has(row)) && retryTask(tx, row));
  });
  if (retried.length > 0) host.afterInsert();
  return retried.length;
}

export interface KillOptions {
  readonly wait?: boolean;
  readonly manager?: boolean;
}

/** Ends tasks for good; see `Queue.kill`. */
export async function killTasks(
  host: QueueHost,
  filter: TaskFilter,
  { wait = true, manager = false }: KillOptions,
): Promise<number> {
  host.submitter.flushNow();
  const query = taskQuery(host.store, { state: 'RUNNING', ...filter });
  const reason = encodeValue(new PipeError('TASK_KILLED', 'It was killed by a user.')).text;
  const rows = host.store.read((db) => selectTaskIds(db, query));
  if (manager && rows.length === 0) await host.store.write(stopProcesses);
  const killed = await inSlices(host.store, rows, (tx, slice) => {
    if (manager) stopProcesses(tx);
    const matching = selectTaskIds(tx.db, { rows: slice, states: query.states });
    return matching.filter((row) => killTask(tx, row, reason));
  });
  if (wait) await host.untilKilled(killed);
  return killed.length;
}

export interface ClearOptions {
  readonly kill?: boolean;
}

/** Takes all tasks out; see `Queue.clear`. */
export async function clearTasks(host: QueueHost, { kill = true }: ClearOptions): Promise<void> {
  host.submitter.flushNow();
  for (;;) {
    const running = await host.store.write((tx) => {
      const count = countByState(tx.db).find(({ state }) => state === TaskState.RUNNING)?.count ?? 0;
      if (count === 0) deleteAllTasks(tx);
      return count;
    });
    if (running === 0) return;
    if (!kill) {
      throw new PipeError(
        'TASK_NEEDED',
        `${running} tasks of ${host.store.path} are running. Wait, or use kill: true.`,
      );
    }
    await killTasks(host, {}, {});
  }
}

/** Agents too, in the transaction of the kill, so that nothing starts in the place of what was ended. */
function stopProcesses(tx: Transaction): void {
  for (const kind of ['manager', 'agent'] as const) {
    for (const { id } of liveProcesses(tx.db, kind)) requestStop(tx, id, 1);
  }
}
