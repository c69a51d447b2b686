import { isBusy } from './driver.ts';
import { LockTaken } from './host-lock.ts';

// How long a synchronous insert (at the exit of a script, say) waits for other writers.
export const PATIENCE_MS = 60_000;

/** Whether other processes keep this one from the file for now: by SQLite's lock, or by that between hosts. */
export function isHeldByOthers(error: unknown): boolean {
  return isBusy(error) || error instanceof LockTaken;
}

/** Random, so that waiting processes do not come back together; growing, so that many do not crowd. */
export function pauseMs(attempt: number): number {
  return (0.5 + Math.random()) * Math.min(20, 1 + attempt);
}

/** Repeats work that finds the database locked, blocking between; gives up after a minute. */
export function retryWhileBusy<T>(work: () => T): T {
  const end = performance.now() + PATIENCE_MS;
  for (let attempt = 0; ; attempt++) {
    try {
      return work();
    } catch (error) {
      if (!isHeldByOthers(error) || performance.now() > end) throw error;
      sleep(pauseMs(attempt));
    }
  }
}

export function sleep(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
