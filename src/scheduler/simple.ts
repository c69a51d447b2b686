/**
 * What a scheduler looks at, of one task manager over all hosts. `pending`: tasks that could run now; `running`:
 * tasks that workers hold; `activeWorkers`: workers alive, busy or not; `startingWorkers`: asked for, not there yet.
 */
export interface WorkerCounts {
  readonly pending: number;
  readonly running: number;
  readonly activeWorkers: number;
  readonly startingWorkers: number;
}

/**
 * What a scheduler must keep to. `maxWorkers` counts workers alive and starting; `concurrency` is how many tasks a
 * worker overlaps (default 1); `cost` is the provider's cost of so many further workers, infinite where impossible.
 */
export interface WorkerLimits {
  readonly maxWorkers: number;
  readonly concurrency?: number | undefined;
  readonly cost?: ((workers: number) => number) | undefined;
}

/**
 * How many workers to start now: as many as the pending tasks need beyond the free places of the workers there are
 * and of those that are starting, within `maxWorkers`, and no more than the provider can start at a finite cost.
 */
export function workersToStart(counts: WorkerCounts, limits: WorkerLimits): number {
  const { concurrency = 1, cost = () => 0 } = limits;
  const workers = counts.activeWorkers + counts.startingWorkers;
  const free = Math.max(0, workers * concurrency - counts.running);
  const needed = Math.ceil((counts.pending - free) / concurrency);
  let count = Math.max(0, Math.min(needed, limits.maxWorkers - workers));
  while (count > 0 && cost(count) === Infinity) count--;
  return count;
}
