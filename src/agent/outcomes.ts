import type { RunReport } from '../queue/index.ts';
import type { EndedAttempt } from '../store/index.ts';
import type { Assignment } from './assignment.ts';
import type { Crew } from './crew.ts';
import { crashedAttempt, reportedAttempt, unstartedAttempt, type WhoRan } from './ended-attempts.ts';
import type { Endings } from './endings.ts';
import type { Ledger } from './ledger.ts';
import type { Pace } from './pace.ts';
import type { SecretGuard } from './secret-guard.ts';
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
  readonly secrets: SecretGuard;
}

/** Makes of what workers say, and of how they end, what is to be committed. */
export class Outcomes {
  readonly #hands: Hands;

  constructor(hands: Hands) {
    this.#hands = hands;
  }

  /** A worker reported a run; false where the task is not under way here. */
  report(worker: WorkerProcess, reported: RunReport): boolean {
    const { crew, endings, pace, watch, secrets } = this.#hands;
    // What a child of the worker was ended for may be lost on its parent. The exit of the worker comes next.
    if (watch.endUsedUp(reported.task) || endings.of(reported.task)?.cause === 'memory') return false;
    const assignment = crew.finish(worker, reported.task);
    if (assignment === undefined) return false;
    const done = secrets.checked(reported, assignment.workload);
    if (this.#isPutBack(assignment, done.outcome === 'succeed')) return true;
    const { lane } = assignment.workload;
    // One that failed or was killed says nothing of how long the others take.
    if (done.outcome === 'succeed') pace.ended(lane, { seconds: done.seconds, slots: worker.options.slots });
    else pace.failed(lane);
    const hasFailed = done.outcome !== 'succeed' && done.retryAfterSeconds === null;
    this.#heed(assignment, { hasFailed, ms: done.seconds * 1000 });
    this.#record(reportedAttempt(done, this.#whoRan(worker, assignment)));
    return true;
  }

  /** A worker is gone, with what it ran. */
  exit(worker: WorkerProcess, end: WorkerEnd): void {
    const { crew, endings, ledger, pace, watch } = this.#hands;
    const { running, isLeaving, options } = worker;
    // Neighbours of a task that had to be ended, or that took the worker with it, did nothing wrong. Where nobody knows
    // which of them it was, each runs again alone.
    const isShared = options.slots > 1 && (isLeaving || running.length > 1);
    for (const assignment of running) {
      const { task } = assignment;
      watch.noteUsedUp(task);
      crew.finish(worker, task);
      if (this.#isPutBack(assignment, false)) continue;
      if (isShared && endings.of(task) === undefined) {
        endings.forget(task);
        ledger.giveBack(assignment, { alone: !isLeaving });
      } else {
        pace.failed(assignment.workload.lane);
        this.#heed(assignment, { hasFailed: true, ms: performance.now() - assignment.startedAt });
        const who = { ...this.#whoRan(worker, assignment), output: worker.outputOf(task) };
        this.#record(crashedAttempt(assignment, end, who));
      }
    }
    watch.left(worker);
  }

  /** What was ended because it waited in vain has not begun, unless it came to its end all the same. */
  #isPutBack(assignment: Assignment, hasSucceeded: boolean): boolean {
    const { endings, watch, ledger } = this.#hands;
    const { task } = assignment;
    if (endings.of(task)?.cause !== 'wait') return false;
    endings.forget(task);
    if (hasSucceeded) return false;
    watch.forget(task);
    ledger.giveBack(assignment);
    return true;
  }

  /** A task that failed before a worker saw it. */
  fail(task: { readonly id: number; readonly attempts: number }, error: unknown): void {
    this.#record(unstartedAttempt(task, this.#hands.agent, error));
  }

  /** What a user or the end of the run ended says nothing of its app. */
  #heed({ task, workload }: Assignment, how: { readonly hasFailed: boolean; readonly ms: number }): void {
    const { endings, slowdown } = this.#hands;
    const cause = endings.of(task)?.cause;
    if (cause === 'kill' || cause === 'stop') return;
    slowdown.ended({ id: workload.app, name: workload.name }, { ...how, now: performance.now() });
  }

  #whoRan(worker: WorkerProcess, { task, workload }: Assignment): WhoRan {
    const { agent, settings, endings, watch } = this.#hands;
    return {
      agent,
      worker: worker.pid ?? null,
      workload,
      settings,
      ending: endings.of(task),
      peakMemory: watch.peakOf(task),
    };
  }

  #record(attempt: EndedAttempt): void {
    const { endings, watch, ledger, settings, secrets } = this.#hands;
    endings.forget(attempt.task);
    watch.forget(attempt.task);
    const masked = secrets.masked(attempt);
    ledger.finish(settings.noOut === true ? { ...masked, out: null } : masked);
  }
}
