import { readdirSync } from 'node:fs';
import { setPriority } from 'node:os';
import { Worker as Thread } from 'node:worker_threads';

// A tenth of what a thread of usual priority gets where all cores are busy.
const NICE = 10;

/**
 * Starts the thread of `watchdog.ts`. To start one costs as much as a process: it must not take the core from the first
 * tasks, which are about to begin.
 */
export function startWatchdog(workerData: { readonly agent: number; readonly mark: string }): void {
  const extension = import.meta.filename.endsWith('.ts') ? 'ts' : 'js';
  const others = threads();
  // Compiled, this is part of a chunk, in a folder beside.
  const thread = new Thread(new URL(`../worker/watchdog.${extension}`, import.meta.url), { workerData });
  thread.unref();
  for (const id of threads()) if (!others.includes(id)) setPriority(id, NICE);
}

/** Linux gives each thread an id and a priority of its own; elsewhere there is nothing to set. */
function threads(): readonly number[] {
  try {
    return readdirSync('/proc/self/task').map(Number);
  } catch {
    return [];
  }
}
