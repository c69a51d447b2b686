import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Queue, TaskManager } from 'tspipe';

/** The root of the repository. */
export const ROOT = join(import.meta.dirname, '../..');

/** What a program of the bench prints: names and numbers. */
export type Figures = Readonly<Record<string, number>>;

export interface Place {
  readonly folder: string;
  /** A queue in the folder, and a task manager with two workers. */
  readonly queue: Queue;
  readonly tm: TaskManager;
  /** The first word after the program's name: how many tasks. */
  readonly size: number;
}

/** Measures in a folder and a queue of its own, and prints the figures as one line of JSON. */
export async function measure(act: (place: Place) => Promise<Figures>): Promise<void> {
  const folder = makeFolder();
  const queue = new Queue('bench', { baseDir: folder });
  try {
    const tm = new TaskManager({ queue, scheduler: { maxWorkers: 2 } });
    console.log(JSON.stringify(await act({ folder, queue, tm, size: sizeWanted() })));
  } finally {
    queue.close();
    await new Queue('bench', { baseDir: folder }).delete();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Beside the code and not in the system's folder for temporary files, which may be in memory. */
export function makeFolder(): string {
  const parent = join(ROOT, '_tests');
  mkdirSync(parent, { recursive: true });
  return mkdtempSync(join(parent, 'bench-'));
}

export function sizeWanted(): number {
  const size = Number(process.argv[2]);
  if (!Number.isSafeInteger(size) || size < 1) throw new Error(`${process.argv[2]} is no number of tasks`);
  return size;
}

/** Seconds that something takes. */
export async function seconds(act: () => unknown): Promise<number> {
  const start = performance.now();
  await act();
  return (performance.now() - start) / 1000;
}

/** Figures of wrong results are worth nothing. */
export function check(holds: boolean, what: string): void {
  if (!holds) throw new Error(`wrong: ${what}`);
}

/** The sum of 0 … n − 1: what no-op tasks that return their argument add up to. */
export function sumBelow(n: number): number {
  return (n * (n - 1)) / 2;
}
