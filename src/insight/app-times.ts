import type { Queue, TaskFilter } from '../queue/index.ts';
import { taskPages } from './task-entries.ts';

/** How long the tasks of one app took: the newest attempt of each, in seconds. */
export interface AppTimes {
  /** Name of the app. */
  readonly name: string;
  /** Path of the file of the queue. */
  readonly queue: string;
  /** How many tasks were timed. */
  readonly count: number;
  readonly mean: number;
  /** Standard deviation of the sample (n - 1); 0 for one task. */
  readonly deviation: number;
  readonly median: number;
  readonly maximum: number;
  readonly total: number;
}

/** The times of the tasks of a queue by app, those first that took longest altogether; default SUCCEEDED tasks. */
export async function appTimes(queue: Queue, filter: TaskFilter = {}): Promise<AppTimes[]> {
  const seconds = new Map<string, number[]>();
  for await (const page of taskPages(queue, { state: 'SUCCEEDED', ...filter })) {
    for (const { entry } of page) {
      if (entry.seconds === null) continue;
      const list = seconds.get(entry.name);
      if (list === undefined) seconds.set(entry.name, [entry.seconds]);
      else list.push(entry.seconds);
    }
  }
  return [...seconds]
    .map(([name, list]) => ({ name, queue: queue.path, ...statistics(list) }))
    .sort((a, b) => b.total - a.total);
}

/** Count, mean, deviation, median, maximum and total of some numbers, at least one. */
export function statistics(values: readonly number[]): Omit<AppTimes, 'name' | 'queue'> {
  const sorted = Float64Array.from(values).sort();
  const count = sorted.length;
  const total = sorted.reduce((sum, value) => sum + value, 0);
  const mean = total / count;
  const squares = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const at = (index: number): number => sorted[index] ?? Number.NaN;
  return {
    count,
    mean,
    deviation: count > 1 ? Math.sqrt(squares / (count - 1)) : 0,
    median: (at(Math.floor((count - 1) / 2)) + at(Math.ceil((count - 1) / 2))) / 2,
    maximum: at(count - 1),
    total,
  };
}
