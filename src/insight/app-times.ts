import { Queue, type TaskFilter, taskQuery } from '../queue/index.ts';
import { selectTaskTimes, type TaskQuery, taskRowPages } from '../store/index.ts';

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

const PAGE = 5000;

/** The times of the tasks of a queue by app, those first that took longest altogether; default SUCCEEDED tasks. */
export async function appTimes(queue: Queue, filter: TaskFilter = {}): Promise<AppTimes[]> {
  const seconds = new Map<string, number[]>();
  const { store, submitter } = Queue.hostOf(queue);
  submitter.flushNow();
  const query = taskQuery(store, { state: 'SUCCEEDED', ...filter });
  const select = (page: TaskQuery) => store.read((db) => selectTaskTimes(db, page));
  for (const page of taskRowPages(query, PAGE, select)) {
    for (const one of page) {
      if (one.seconds === null) continue;
      const list = seconds.get(one.name);
      if (list === undefined) seconds.set(one.name, [one.seconds]);
      else list.push(one.seconds);
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
