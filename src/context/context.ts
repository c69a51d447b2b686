import { AsyncLocalStorage } from 'node:async_hooks';
import { PipeError } from '../errors.ts';

/** What a task can ask about itself while it runs. */
export interface TaskContext {
  /** Id, app name and number of the task. */
  readonly task: { readonly id: string; readonly name: string; readonly index: number };
  /** Number of this attempt, counted from 1. */
  readonly attempt: number;
  /** Aborts when the task is to end: time-out, kill, walltime. Whoever listens has 10 s to finish. */
  readonly signal: AbortSignal;
  /** Seconds until the time-out or the end of the job; Infinity where there is none. */
  remainingSeconds(): number;
  /** Keeps a value for the next attempt, durably. */
  checkpoint(value: unknown): Promise<void>;
  /** The value of the newest checkpoint of an earlier attempt; undefined where there is none. */
  restored(): unknown;
  /** Writes a line to the task's standard error. */
  log(...values: readonly unknown[]): void;
}

/** A context with what the worker needs beside it. */
export interface RunningTask extends TaskContext {
  /** Row id. */
  readonly row: number;
  /** True when the attempt has ended, for what it left behind. */
  readonly isOver: boolean;
}

// On globalThis, because user code may load another copy of this module than the worker.
const key = Symbol.for('tspipe.context');
const holder = globalThis as { [key]?: AsyncLocalStorage<RunningTask> };
holder[key] ??= new AsyncLocalStorage<RunningTask>();
const storage: AsyncLocalStorage<RunningTask> = holder[key];

export function runInContext<T>(task: RunningTask, work: () => T): T {
  return storage.run(task, work);
}

/** The task that the calling code runs in, or undefined outside tasks. */
export function currentTask(): RunningTask | undefined {
  return storage.getStore();
}

function current(): RunningTask {
  const task = storage.getStore();
  if (task === undefined) {
    throw new PipeError(
      'CONTEXT_MISSING',
      'context is there inside a running task only; this code runs outside one.',
    );
  }
  return task;
}

/**
 * The running task, inside one: `import { context } from 'tspipe'`. Throws `CONTEXT_MISSING` outside.
 *
 * @example
 * const chunk = tm.tsApp(function chunk(n: number) {
 *   context.log(`attempt ${context.attempt} of task ${context.task.id}`);
 * });
 */
export const context: TaskContext = {
  get task() {
    return current().task;
  },
  get attempt() {
    return current().attempt;
  },
  get signal() {
    return current().signal;
  },
  remainingSeconds: () => current().remainingSeconds(),
  checkpoint: (value) => current().checkpoint(value),
  restored: () => current().restored(),
  log: (...values) => current().log(...values),
};
