/** Marks per-worker values; the property holds the factory and a number. */
export const PER_WORKER = Symbol.for('tspipe.PerWorker');

/** One of something for each worker process: call it inside a task to get it. */
export interface PerWorker<T> {
  (): T;
  readonly [PER_WORKER]: PerWorkerFacts<T>;
}

interface PerWorkerFacts<T> {
  readonly factory: () => T;
  /** Tells apart those of equal code: how many this process had made before. */
  readonly number: number;
}

let count = 0;

let hasMade = false;

/** Whether something in this process is to outlive the task that made it, a child process perhaps. */
export function hasPerWorkerValues(): boolean {
  return hasMade;
}

/** Makes a per-worker value: the factory runs at the first use in each process, and its value is kept there. */
export function createPerWorker<T>(factory: () => T): PerWorker<T> {
  let made: { readonly value: T } | undefined;
  const get = (): T => {
    if (made === undefined) {
      hasMade = true;
      made = { value: factory() };
    }
    return made.value;
  };
  return Object.assign(get, { [PER_WORKER]: { factory, number: count++ } });
}

export function isPerWorker(value: unknown): value is PerWorker<unknown> {
  return typeof value === 'function' && PER_WORKER in value;
}
