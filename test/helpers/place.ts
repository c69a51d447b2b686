import { appendFileSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { Queue, type QueueOptions, TaskManager, type TaskManagerOptions } from 'tspipe';

/** A folder of its own for one test, with a queue in it; both are gone when the test is over, whatever became of it. */
export interface Place {
  readonly folder: string;
  readonly queue: Queue;
  /** A file for what tasks append. */
  readonly log: string;
  taskManager(options?: Partial<TaskManagerOptions>): TaskManager;
  /** The lines that tasks have appended. */
  lines(): string[];
}

export function makePlace(options: Omit<QueueOptions, 'baseDir'> = {}): Place {
  const folder = makeFolder();
  const queue = new Queue('q', { baseDir: folder, ...options });
  onTestFinished(async () => {
    if (existsSync(queue.path)) await new Queue('q', { baseDir: folder }).delete();
  });
  const log = join(folder, 'log');
  return {
    folder,
    queue,
    log,
    taskManager: (more = {}) => new TaskManager({ queue, ...more }),
    lines: () => readLines(log),
  };
}

/** A folder that is removed when the test is over. */
export function makeFolder(parent = tmpdir()): string {
  const folder = realpathSync(mkdtempSync(join(parent, 'tspipe-test-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function readLines(path: string): string[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
}

/** Appends a line at once; the flag is O_APPEND, so that lines of several processes do not mix. */
export function append(path: string, line: string): void {
  appendFileSync(path, `${line}\n`);
}
