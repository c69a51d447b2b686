import { existsSync } from 'node:fs';
import { spawn, Queue } from 'tspipe';
import { until } from '../helpers/processes.ts';
import { makeQueue } from './fixtures.ts';

/** A queue as `makeQueue` makes it, its tasks run to their end and all in one file: its agents are gone. */
export async function runQueue(folder: string, name: string, values: readonly number[]): Promise<string> {
  const path = makeQueue(folder, name, values);
  const queue = new Queue(path, { create: false });
  await spawn(queue, { mode: 'no_stream' });
  queue.close();
  await until('no process has the queue open', () => !existsSync(`${path}-wal`));
  return path;
}
