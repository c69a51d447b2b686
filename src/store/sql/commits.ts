import { retryWaitMs, TaskState, type TaskStateCode } from '../../model/index.ts';
import type { SqlValue } from '../driver.ts';
import { RequirementKind, type TaskCore, type Transaction } from '../transaction.ts';
import { countRequirements, insertRequirements } from './calls.ts';
import {
  AttemptAccount,
  type AttemptAccountCode,
  type EndedAttempt,
  type StoredText,
} from './ended-attempt.ts';

const STATE_OF = { succeed: TaskState.SUCCEEDED, fail: TaskState.FAILED, stop: TaskState.KILLED } as const;

/** Commits attempts; returns the ids of those that came too late and changed nothing but the record. */
export function commitAttempts(tx: Transaction, attempts: readonly EndedAttempt[]): number[] {
  const plain = attempts.filter(isPlainSuccess);
  if (!commitPlainSuccesses(tx, plain)) return commitOneByOne(tx, attempts);
  return commitOneByOne(
    tx,
    attempts.filter((attempt) => !isPlainSuccess(attempt)),
  );
}

function commitOneByOne(tx: Transaction, attempts: readonly EndedAttempt[]): number[] {
  const late: number[] = [];
  for (const attempt of attempts) {
    const task = tx.core(attempt.task);
    if (task !== undefined && isNewest(task, attempt)) commit(tx, task, attempt);
    else {
      late.push(attempt.task);
      if (task !== undefined) recordAttempt(tx, attempt, AttemptAccount.LATE);
    }
  }
  return late;
}

/** One of which there is nothing to write but that it succeeded, its exit code, and its result. */
function isPlainSuccess(attempt: EndedAttempt): boolean {
  return (
    attempt.outcome === 'succeed' &&
    attempt.app !== null &&
    attempt.result !== null &&
    attempt.returned.length === 0 &&
    attempt.out === null &&
    attempt.err === null &&
    attempt.note === null &&
    attempt.peakMemory === null
  );
}

/**
 * Thousands of quick tasks a second end like this: a few statements for all of them. False, and nothing is changed,
 * where one of them is not the newest attempt of a task that its agent holds.
 */
function commitPlainSuccesses(tx: Transaction, attempts: readonly EndedAttempt[]): boolean {
  if (attempts.length === 0) return true;
  tx.db.run('SAVEPOINT plain_successes');
  const groups = groupAlike(attempts);
  for (const group of groups) {
    if (succeedAlike(tx, group)) continue;
    tx.db.exec('ROLLBACK TO plain_successes; RELEASE plain_successes');
    return false;
  }
  tx.db.run('RELEASE plain_successes');
  for (const { app, lane, tasks } of groups)
    tx.changedAlike(tasks, { app, lane, state: TaskState.RUNNING, to: TaskState.SUCCEEDED });
  tx.db.insert(INSERT_PLAIN_ATTEMPT, attempts.map(plainAttemptValues));
  tx.db.insert(INSERT_RESULT, attempts.map(resultValues));
  return true;
}

/** Tasks of one app and lane whose attempts have the same number and agent. */
interface Alike {
  readonly app: number;
  readonly lane: number;
  readonly number: number;
  readonly agent: number | null;
  readonly tasks: number[];
}

/** Tasks that end together are mostly alike, or few. */
function groupAlike(attempts: readonly EndedAttempt[]): readonly Alike[] {
  const groups: Alike[] = [];
  let last: Alike | undefined;
  for (const attempt of attempts) {
    if (last === undefined || !isAlike(last, attempt)) {
      last = groups.find((group) => isAlike(group, attempt));
      if (last === undefined) {
        const { app, lane, number, agent } = attempt;
        last = { app: app ?? 0, lane: lane ?? 0, number, agent, tasks: [] };
        groups.push(last);
      }
    }
    last.tasks.push(attempt.task);
  }
  return groups;
}

function isAlike({ app, lane, number, agent }: Alike, attempt: EndedAttempt): boolean {
  return attempt.app === app && attempt.lane === lane && attempt.number === number && attempt.agent === agent;
}

/** False where not all of these are held by their agent, for this attempt. */
function succeedAlike(tx: Transaction, { app, lane, number, agent, tasks }: Alike): boolean {
  const { changes } = tx.db.run(
    `UPDATE task SET state = 5, agent = NULL WHERE id IN (SELECT value FROM json_each(?))
       AND state = 4 AND app = ? AND lane = ? AND attempts = ? AND agent = ?`,
    JSON.stringify(tasks),
    app,
    lane,
    number,
    agent,
  );
  return changes === tasks.length;
}

function isNewest(task: TaskCore, { number, agent }: Pick<EndedAttempt, 'number' | 'agent'>): boolean {
  const isHeld = task.state === TaskState.RUNNING || task.state === TaskState.UNKNOWN;
  return isHeld && task.attempts === number && task.agent === agent;
}

/** The agent of a task that was recorded as lost is there after all. */
function forgetLoss(tx: Transaction, { id, attempts }: TaskCore): void {
  tx.db.run(
    'DELETE FROM attempt WHERE task = ? AND number = ? AND account = ?',
    id,
    attempts,
    AttemptAccount.LOST,
  );
}

function commit(tx: Transaction, task: TaskCore, attempt: EndedAttempt): void {
  if (task.state === TaskState.UNKNOWN) forgetLoss(tx, task);
  const { outcome, deferMs, retryDelay } = attempt;
  if (outcome !== 'succeed' && deferMs !== null) {
    recordAttempt(tx, attempt, AttemptAccount.DEFERRED);
    tx.change('release', task, deferMs);
    return;
  }
  recordAttempt(tx, attempt, AttemptAccount.COUNTED);
  if (outcome !== 'succeed') {
    const failures = countedAttempts(tx, attempt);
    if (failures > attempt.retries) tx.change(outcome, task);
    else tx.change('release', task, retryDelay && retryWaitMs(retryDelay, failures, Math.random()));
    return;
  }
  if (attempt.result !== null) writeResult(tx, attempt);
  if (attempt.returned.length > 0) hand(tx, task, attempt.returned);
  else tx.change('succeed', task);
}

/** Attempts of a task so far, this one too; 1 where that does not matter. */
function countedAttempts(tx: Transaction, { task, retries }: EndedAttempt): number {
  if (retries === 0) return 1;
  const counted = tx.db.get<{ n: number }>(
    'SELECT count(*) n FROM attempt WHERE task = ? AND account = ?',
    task,
    AttemptAccount.COUNTED,
  );
  return counted?.n ?? 1;
}

function hand(tx: Transaction, task: TaskCore, returned: readonly number[]): void {
  const requirements = returned.map((requirement) => ({ kind: RequirementKind.RETURNED, requirement }));
  insertRequirements(tx, task.id, requirements);
  const more = countRequirements(tx, requirements);
  const unfinished = task.unfinished + more.unfinished;
  const failed = task.failed + more.failed;
  tx.db.run(
    'UPDATE task SET unfinished = ?, failed = ?, handed = 1 WHERE id = ?',
    unfinished,
    failed,
    task.id,
  );
  const isDone = unfinished === 0 && failed === 0;
  tx.change(isDone ? 'succeed' : 'hand', { ...task, unfinished, failed });
}

const INSERT_RESULT = 'INSERT OR REPLACE INTO result (task, text, blob)';

function writeResult(tx: Transaction, attempt: EndedAttempt): void {
  tx.db.insert(INSERT_RESULT, [resultValues(attempt)]);
}

function resultValues({ task, result }: EndedAttempt): SqlValue[] {
  return [task, result?.text ?? null, result?.blob ?? null];
}

const INSERT_PLAIN_ATTEMPT =
  'INSERT INTO attempt (task, number, state, account, agent, worker, started, seconds, exit_code, program)';

function plainAttemptValues(attempt: EndedAttempt): SqlValue[] {
  const { task, number, agent, worker, started, seconds, exitCode, program } = attempt;
  return [
    task,
    number,
    TaskState.SUCCEEDED,
    AttemptAccount.COUNTED,
    agent,
    worker,
    started,
    seconds,
    exitCode,
    program,
  ];
}

const INSERT_ATTEMPT = `INSERT INTO attempt
  (task, number, state, account, agent, worker, started, seconds, exit_code, signal, error, program, note, peak_memory)`;

/** Writes the row of an ended attempt and its output; returns the row's id. */
export function recordAttempt(tx: Transaction, attempt: EndedAttempt, account: AttemptAccountCode): number {
  const rowId = tx.db.insert(INSERT_ATTEMPT, [attemptValues(attempt, account)]);
  if (attempt.out !== null) writeOutput(tx, rowId, 1, attempt.out);
  if (attempt.err !== null) writeOutput(tx, rowId, 2, attempt.err);
  return rowId;
}

function attemptValues(attempt: EndedAttempt, account: AttemptAccountCode): SqlValue[] {
  const state: TaskStateCode = STATE_OF[attempt.outcome];
  return [
    attempt.task,
    attempt.number,
    state,
    account,
    attempt.agent,
    attempt.worker,
    attempt.started,
    attempt.seconds,
    attempt.exitCode,
    attempt.signal,
    attempt.error,
    attempt.program,
    attempt.note,
    attempt.peakMemory,
  ];
}

function writeOutput(tx: Transaction, attempt: number, stream: 1 | 2, output: StoredText): void {
  tx.db.run('INSERT INTO output VALUES (?, ?, ?, ?)', attempt, stream, output.text, output.blob);
}

/** Puts tasks back that count for nothing: never started, or taken along by another; `alone`: perhaps not by another. */
export function releaseTasks(
  tx: Transaction,
  agent: number,
  tasks: readonly { readonly id: number; readonly number: number; readonly alone?: boolean }[],
): void {
  for (const { id, number, alone = false } of tasks) {
    const task = tx.core(id);
    if (task === undefined || !isNewest(task, { number, agent })) continue;
    if (task.state === TaskState.UNKNOWN) forgetLoss(tx, task);
    tx.change('release', task);
    if (alone) tx.db.run('UPDATE task SET alone = 1 WHERE id = ?', id);
  }
}
