import type { RunReport, RunRequest } from '../queue/index.ts';
import type { EndedAttempt } from '../store/index.ts';
import type { Assignment, Crew } from './crew.ts';
import { crashedAttempt, reportedAttempt, unstartedAttempt, type WhoRan } from './ended-attempts.ts';
import type { Endings } from './endings.ts';
import type { Ledger } from './ledger.ts';
import type { Pace } from './pace.ts';
import type { AgentSettings } from './settings.ts';
import type { Slowdown } from './slowdown.ts';
import type { Watch } from './watch.ts';
import type { WorkerEnd, WorkerProcess } from './worker-process.ts';

interface Hands {
  readonly agent: number;
  readonly settings: AgentSettings;
  readonly crew: Crew;
  readonly endings: Endings;
  readonly watch: Watch;
  readonly ledger: Ledger;
  readonly pace: Pace;
  readonly slowdown: Slowdown;
}

/** Makes of what workers say, and of how they end, what is to be committed. */
export class Outcomes {
  readonly #hands: Hands;

  constructor(hands: Hands) {
    this.#hands = hands;
  }

  /** A worker reported a run; false where the task is not under way here. */
  report(worker: WorkerProcess, done: RunReport): boolean {
    const { crew, pace, watch } = this.#hands;
    // What a child of the worker was ended for may be lost on its parent. The exit of the worker comes next.
    if (watch.endUsedUp(done.task)) return false;
    const assignment = crew.finish(worker, done.task);
    if (assignment === undefined) return false;
    if (this.#isPutBack(assignment.run, done.outcome === 'succeed')) return true;
    // One that failed or was killed says nothing of how long the others take.
    if (done.outcome === 'succeed') pace.ended(assignment.lane, done.seconds);
    const hasFailed = done.outcome !== 'succeed' && done.retryAfterSeconds === null;
    this.#heed(assignment, { hasFailed, ms: done.seconds * 1000 });
    this.#record(reportedAttempt(done, this.#whoRan(worker, assignment)));
    return true;
  }

  /** A worker is gone, with what it ran. */
  exit(worker: WorkerProcess, end: WorkerEnd): void {
    const { crew, endings, ledger, watch } = this.#hands;
    const { running, isLeaving, options } = worker;
    // Neighbours of a task that had to be ended, or that took the worker with it, did nothing wrong. Where nobody knows
    // which of them it was, each runs again alone.
    const isShared = options.slots > 1 && (isLeaving || running.length > 1);
    for (const run of running) {
      watch.noteUsedUp(run.task);
      const assignment = crew.finish(worker, run.task);
      if (assignment === undefined || this.#isPutBack(run, false)) continue;
      if (isShared && endings.of(run.task) === undefined) {
        endings.forget(run.task);
        ledger.giveBack(run, { alone: !isLeaving });
      } else {
        this.#heed(assignment, { hasFailed: true, ms: performance.now() - assignment.startedAt });
        const who = { ...this.#whoRan(worker, assignment), output: worker.outputOf(run.task) };
        this.#record(crashedAttempt(run, end, who));
      }
    }
    watch.left(worker);
  }

  /** What was ended because it waited in vain has not begun, unless it came to its end all the same. */
  #isPutBack(run: RunRequest, hasSucceeded: boolean): boolean {
    const { endings, watch, ledger } = this.#hands;
    if (endings.of(run.task)?.cause !== 'wait') return false;
    endings.forget(run.task);
    if (hasSucceeded) return false;
    watch.forget(run.task);
    ledger.giveBack(run, { alone: false });
    return true;
  }

  /** A task that failed before a worker saw it. */
  fail(task: { readonly id: number; readonly attempts: number }, error: unknown): void {
    this.#record(unstartedAttempt(task, this.#hands.agent, error));
  }

  /** What a user or the end of the run ended says nothing of its app. */
  #heed({ run, app }: Assignment, how: { readonly hasFailed: boolean; readonly ms: number }): void {
    const { endings, slowdown } = this.#hands;
    const cause = endings.of(run.task)?.cause;
    if (cause === 'kill' || cause === 'stop') return;
    slowdown.ended({ id: app, name: run.name }, { ...how, now: performance.now() });
  }

  #whoRan(worker: WorkerProcess, { options, run }: Assignment): WhoRan {
    const { agent, settings, endings, watch } = this.#hands;
    return {
      agent,
      worker: worker.pid ?? null,
      program: run.program,
      options,
      settings,
      ending: endings.of(run.task),
      peakMemory: watch.peakOf(run.task),
    };
  }

  #record(attempt: EndedAttempt): void {
    const { endings, watch, ledger, settings } = this.#hands;
    endings.forget(attempt.task);
    watch.forget(attempt.task);
    ledger.finish(settings.noOut === true ? { ...attempt, out: null } : attempt);
  }
}
