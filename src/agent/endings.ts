import type { Assignment } from './assignment.ts';
import { Countdown } from './countdown.ts';
import type { Crew } from './crew.ts';

const GRACE_MS = 10_000;

/** Why a running task is being ended. */
export interface Ending {
  readonly reason: string;
  readonly cause: EndingCause;
}

/** `stop`: the run is interrupted, or its agent is to end; `wait`: what it waits for does not start any more. */
export type EndingCause = 'timeout' | 'memory' | 'kill' | 'stop' | 'wait';

/** Ends running tasks: TERM, 10 s, KILL; one that takes too much memory at once. */
export class Endings {
  readonly #crew: Crew;
  readonly #endings = new Map<number, Ending>();
  readonly #timers = new Map<number, Set<Countdown>>();

  constructor(crew: Crew) {
    this.#crew = crew;
  }

  of(task: number): Ending | undefined {
    return this.#endings.get(task);
  }

  /** For the whole process group of its worker; an overlapping task is asked first. */
  end(task: number, ending: Ending): void {
    const worker = this.#crew.workerOf(task);
    if (worker === undefined || this.#endings.has(task)) return;
    this.#endings.set(task, ending);
    if (ending.cause === 'memory') {
      worker.end('SIGKILL');
      return;
    }
    if (worker.options.slots === 1) worker.end('SIGTERM');
    else worker.send({ type: 'abort', task, reason: ending.reason });
    this.#later(task, GRACE_MS, () => worker.end('SIGKILL'));
  }

  /** The system has ended what a task ran already; what was said before stands. */
  note(task: number, ending: Ending): void {
    if (!this.#endings.has(task)) this.#endings.set(task, ending);
  }

  /**
   * Ends a task when it has run too long. Time counts from when its worker is ready: call it when the task is sent and
   * when the worker says that it is.
   */
  limit({ task, workload }: Assignment): void {
    const { timeoutSeconds } = workload.options;
    if (timeoutSeconds === null || this.#crew.workerOf(task)?.isReady !== true) return;
    const reason = `It ran longer than its timeoutSeconds: ${timeoutSeconds}.`;
    this.#later(task, timeoutSeconds * 1000, () => this.end(task, { reason, cause: 'timeout' }));
  }

  /** The attempt is over. */
  forget(task: number): void {
    for (const timer of this.#timers.get(task) ?? []) timer.stop();
    this.#timers.delete(task);
    this.#endings.delete(task);
  }

  #later(task: number, ms: number, act: () => void): void {
    const timers = this.#timers.get(task) ?? new Set<Countdown>();
    this.#timers.set(task, timers.add(new Countdown(ms, act)));
  }
}
