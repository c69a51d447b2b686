import { cpSync, existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Queue, spawn, TaskManager } from 'tspipe';
import { Database } from '../../../src/store/driver.ts';
import { until } from '../../helpers/processes.ts';

/** A folder with a queue `q` that nobody works on: tasks that succeeded, failed, are blocked, wait; blobs and output. */
export async function makeSoundQueue(): Promise<string> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'tspipe-sound-')));
  const queue = new Queue('q', { baseDir: folder });
  const tm = new TaskManager({ queue, scheduler: { maxWorkers: 1 } });
  const numbers = tm.tsApp(function numbers(seed: number) {
    console.log(`seed ${seed}`);
    return Float64Array.from({ length: 10_000 }, (_, at) => seed + at);
  });
  const sum = tm.tsApp(function sum(values: Float64Array, by = 1) {
    return values.reduce((a, b) => a + b) * by;
  });
  const fails = tm.tsApp(function fails(value: number) {
    throw new RangeError(`${value} is too much`);
  });
  const arrays = [1, 2, 3].map((seed) => numbers(seed));
  for (const array of arrays) for (let by = 1; by <= 20; by++) sum(array, by);
  const failed = fails(7);
  sum(failed as never, 100);
  await spawn(queue, { mode: 'no_stream' });
  await queue.pause();
  const more = numbers(4);
  for (let by = 1; by <= 5; by++) sum(more, by);
  await queue.flush();
  queue.close();
  await until('no process has the queue open', () => isFree(queue.path));
  return folder;
}

function isFree(path: string): boolean {
  try {
    const db = new Database(path);
    db.exec('BEGIN EXCLUSIVE; ROLLBACK');
    db.close();
    return !existsSync(`${path}-wal`);
  } catch {
    return false;
  }
}

/** A copy of such a folder, to be broken; gives the path of the queue. */
export function copyQueue(folder: string, copy: string): string {
  rmSync(copy, { recursive: true, force: true });
  cpSync(folder, copy, { recursive: true });
  return join(copy, 'q.sqlite');
}
