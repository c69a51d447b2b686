import { LOSSES } from '../queue/index.ts';
import { TaskState } from '../model/index.ts';
import {
  answerKillRequests,
  commitAttempts,
  type EndedAttempt,
  loseTask,
  releaseTasks,
  type Transaction,
} from '../store/index.ts';
import { encodeReason } from './ended-attempts.ts';

/** What has happened since the last commit. */
export class Ledger {
  #finished: EndedAttempt[] = [];
  #givenBack: { readonly id: number; readonly number: number; readonly alone: boolean }[] = [];
  readonly #answered = new Set<number>();

  get isEmpty(): boolean {
    return this.#finished.length + this.#givenBack.length + this.#answered.size === 0;
  }

  finish(attempt: EndedAttempt): void {
    this.#finished.push(attempt);
    this.#answered.add(attempt.task);
  }

  /** A task that was claimed and did not run, or through no fault of its own not to the end; `alone`: is to run alone. */
  giveBack(run: { readonly task: number; readonly attempt: number }, { alone = false } = {}): void {
    const { task, attempt } = run;
    this.#givenBack.push({ id: task, number: attempt, alone });
    this.#answered.add(task);
  }

  /** A task that a user killed is not under way here. */
  answer(task: number): void {
    this.#answered.add(task);
  }

  /**
   * Writes all of it; with `isLost` what was ended because the agent was is nobody's fault. Returns how many tasks
   * have failed for good.
   */
  write(tx: Transaction, agent: number, isLost: boolean): number {
    const lost = this.#finished.filter(({ outcome }) => isLost && outcome === 'stop');
    for (const attempt of lost) lose(tx, agent, attempt);
    const ended = lost.length === 0 ? this.#finished : this.#finished.filter((one) => !lost.includes(one));
    commitAttempts(tx, ended);
    releaseTasks(tx, agent, this.#givenBack);
    answerKillRequests(tx, agent, this.#answered);
    return this.#finished.filter(({ task, outcome }) => outcome !== 'succeed' && hasFailed(tx, task)).length;
  }

  /** Call when what was written is committed. */
  clear(): void {
    this.#finished = [];
    this.#givenBack = [];
    this.#answered.clear();
  }
}

function lose(tx: Transaction, agent: number, { task, number }: EndedAttempt): void {
  const core = tx.core(task);
  if (core?.attempts !== number || core.agent !== agent) return;
  const error = encodeReason('TASK_KILLED', 'Its agent was told to end.');
  loseTask(tx, core, { proven: true, started: true, error, limit: LOSSES });
}

function hasFailed(tx: Transaction, task: number): boolean {
  const state = tx.core(task)?.state;
  return state === TaskState.FAILED || state === TaskState.KILLED;
}
