import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Queue, TaskManager } from 'tspipe';
import { check, seconds } from './place.ts';
import { median } from './statistics.ts';

const ROUNDS = 3;

/** Seconds to add `size` no-op tasks to a queue; `argument` makes the argument of each. */
export async function add(queue: Queue, size: number, argument: (index: number) => number): Promise<number> {
  const tm = new TaskManager({ queue, scheduler: { maxWorkers: 2 } });
  const noop = tm.tsApp(function noop(value: number) {
    return value;
  });
  const taken = await seconds(async () => {
    for (let index = 0; index < size; index++) noop(argument(index));
    await queue.flush();
  });
  check((await queue.counts()) === size, 'the number of tasks added');
  return taken;
}

/** The same for small queues of their own, which are deleted: the median of some rounds, so that code is compiled. */
export async function addSmall(
  folder: string,
  size: number,
  argument: (index: number) => number,
): Promise<number> {
  const taken: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const inside = join(folder, `small-${round}`);
    const queue = new Queue('small', { baseDir: inside });
    taken.push(await add(queue, size, argument));
    await queue.delete();
    rmSync(inside, { recursive: true, force: true });
  }
  return median(taken);
}

/** Numbers that look random, always the same ones (mulberry32, twice, for 53 bits). */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  };
  return () => (next() * 2 ** 21 + (next() >>> 11)) / 2 ** 53;
}
