/** Marks per-worker values; the property holds the factory. */
export const PER_WORKER = Symbol.for('tspipe.PerWorker');

/** One of something for each worker process: call it inside a task to get it. */
export interface PerWorker<T> {
  (): T;
  readonly [PER_WORKER]: () => T;
}

/** Makes a per-worker value: the factory runs at the first use in each process, and its value is kept there. */
export function createPerWorker<T>(factory: () => T): PerWorker<T> {
  let made: { readonly value: T } | undefined;
  const get = (): T => {
    made ??= { value: factory() };
    return made.value;
  };
  return Object.assign(get, { [PER_WORKER]: factory });
}

export function isPerWorker(value: unknown): value is PerWorker<unknown> {
  return typeof value === 'function' && PER_WORKER in value;
}
