import { nextState, TaskState } from '../../model/index.ts';
import type { Database } from '../driver.ts';
import type { TaskCore, Transaction } from '../transaction.ts';
import { countRequirements } from './calls.ts';
import { recordAttempt } from './commits.ts';
import { AttemptAccount, emptyAttempt } from './ended-attempt.ts';
import { allRequirements, dependentsOf } from './records.ts';

/** Makes an ended task ready for another attempt; earlier ones no longer count against its retries. */
export function retryTask(tx: Transaction, id: number): boolean {
  const task = tx.core(id);
  if (task === undefined || nextState('retry', task.state, task) === undefined) return false;
  tx.db.run(
    'UPDATE attempt SET account = ? WHERE task = ? AND account IN (0, 2)',
    AttemptAccount.FORGIVEN,
    id,
  );
  tx.db.run('DELETE FROM result WHERE task = ?', id);
  tx.db.run('DELETE FROM requires WHERE task = ? AND kind = 3', id);
  const requirements = allRequirements(tx.db, id);
  const counts = countRequirements(tx, requirements);
  tx.db.run(
    'UPDATE task SET unfinished = ?, failed = ?, handed = 0, alone = 0 WHERE id = ?',
    counts.unfinished,
    counts.failed,
    id,
  );
  return tx.change('retry', { ...task, ...counts, handed: 0 }) !== undefined;
}

/** Ends a task for good, whatever it is doing; `error` is the encoded reason. */
export function killTask(tx: Transaction, id: number, error: string): boolean {
  const task = tx.core(id);
  if (task === undefined) return false;
  const { state, agent, attempts } = task;
  if (tx.change('kill', task) === undefined) return false;
  if (agent !== null && state === TaskState.RUNNING) {
    tx.db.run('INSERT OR IGNORE INTO kill_request VALUES (?, ?, ?)', agent, id, attempts);
  }
  recordAttempt(
    tx,
    { ...emptyAttempt(task.id, task.attempts, task.agent), outcome: 'stop', error },
    AttemptAccount.COUNTED,
  );
  return true;
}

/** The agent of a task is proven dead, or vanished without proof. */
export function loseTask(
  tx: Transaction,
  task: TaskCore,
  how: {
    readonly proven: boolean;
    readonly started: boolean;
    readonly error: string;
    readonly limit: number;
  },
): void {
  if (!how.proven) {
    if (tx.change('vanish', task) === undefined) return;
    recordAttempt(
      tx,
      { ...emptyAttempt(task.id, task.attempts, task.agent), outcome: 'stop', error: how.error },
      AttemptAccount.LOST,
    );
    return;
  }
  // What was UNKNOWN is in the record as lost.
  if (task.state !== TaskState.UNKNOWN) {
    if (!how.started) {
      tx.change('release', task);
      return;
    }
    recordAttempt(
      tx,
      { ...emptyAttempt(task.id, task.attempts, task.agent), outcome: 'stop', error: how.error },
      AttemptAccount.LOST,
    );
  }
  const lost = tx.db.get<{ n: number }>(
    'SELECT count(*) n FROM attempt WHERE task = ? AND account = ?',
    task.id,
    AttemptAccount.LOST,
  );
  tx.change((lost?.n ?? 0) >= how.limit ? 'stop' : 'release', task);
}

/** Takes tasks and all that is theirs out of the queue. Their calls stay: those that take them know them by row. */
export function deleteTasks(tx: Transaction, ids: readonly number[]): void {
  for (const id of ids) {
    const task = tx.core(id);
    if (task === undefined) continue;
    tx.removed(task);
    takeOutOfVersions(tx, id);
    tx.db.run('DELETE FROM output WHERE attempt IN (SELECT id FROM attempt WHERE task = ?)', id);
    for (const table of ['attempt', 'requires', 'checkpoint', 'kill_request', 'result', 'scope']) {
      tx.db.run(`DELETE FROM ${table} WHERE task = ?`, id);
    }
    tx.db.run('DELETE FROM task WHERE id = ?', id);
  }
}

/** The task before it takes its place among those of its call: found along these, since no index holds either. */
function takeOutOfVersions(tx: Transaction, id: number): void {
  const task = tx.db.get<{ previous: number | null; call: number }>(
    'SELECT previous, call FROM task WHERE id = ?',
    id,
  );
  const previous = task?.previous ?? null;
  const call = task?.call ?? null;
  tx.db.run(
    `UPDATE task SET previous = ? WHERE previous = ? AND id IN (
       WITH RECURSIVE version (id) AS (
         SELECT latest FROM call WHERE id = ? UNION ALL
         SELECT task.previous FROM version JOIN task ON task.id = version.id WHERE task.previous IS NOT NULL)
       SELECT id FROM version)`,
    previous,
    id,
    call,
  );
  tx.db.run('UPDATE call SET latest = ? WHERE id = ? AND latest = ?', previous, call, id);
}

/** Takes every task out of the queue; apps, task managers and processes stay. */
export function deleteAllTasks(tx: Transaction): void {
  for (const table of [
    'output',
    'attempt',
    'requires',
    'result',
    'checkpoint',
    'kill_request',
    'scope',
    'task',
    'call',
    'tally',
  ]) {
    tx.db.run(`DELETE FROM ${table}`);
  }
  tx.db.run('UPDATE app_name SET calls = 0');
}

/** These tasks and all that require them, directly or not. */
export function withDependents(db: Database, ids: readonly number[]): number[] {
  const found = new Set(ids);
  let fresh: readonly number[] = ids;
  while (fresh.length > 0) {
    fresh = dependentsOf(db, fresh).filter((id) => !found.has(id));
    for (const id of fresh) found.add(id);
  }
  return [...found];
}

/** Gives a task another lane; returns it as it is then. */
export function moveToLane<T extends TaskCore>(tx: Transaction, task: T, lane: number): T {
  if (task.lane === lane) return task;
  tx.db.run('UPDATE task SET lane = ? WHERE id = ?', lane, task.id);
  tx.count(task.app, task.lane, task.state, -1);
  tx.count(task.app, lane, task.state, 1);
  return { ...task, lane };
}

/** Number of tasks with requests to end their processes that no agent has answered. */
export function openKillRequests(db: Database, tasks: readonly number[]): number {
  const row = db.get<{ n: number }>(
    'SELECT count(*) n FROM kill_request WHERE task IN (SELECT value FROM json_each(?))',
    JSON.stringify(tasks),
  );
  return row?.n ?? 0;
}
