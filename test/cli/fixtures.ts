import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Queue, TaskManager } from 'tspipe';
import { onTestFinished } from 'vitest';

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tspipe-cli-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A queue file `<folder>/<name>.sqlite` with one task for each value; a task for a negative value fails. */
export function makeQueue(folder: string, name: string, values: readonly number[]): string {
  const queue = new Queue(name, { baseDir: folder });
  const tm = new TaskManager({ queue });
  const root = tm.tsApp(function root(value: number) {
    if (value < 0) throw new RangeError(`no root of ${value}`);
    return Math.sqrt(value);
  });
  for (const value of values) root(value);
  queue.close();
  return queue.path;
}
