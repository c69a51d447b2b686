import { spawn, Queue } from 'tspipe';
import { makeQueue } from './fixtures.ts';

/** A queue as `makeQueue` makes it, its tasks run to their end. */
export async function runQueue(folder: string, name: string, values: readonly number[]): Promise<string> {
  const path = makeQueue(folder, name, values);
  const queue = new Queue(path, { create: false });
  await spawn(queue, { mode: 'no_stream' });
  queue.close();
  return path;
}
