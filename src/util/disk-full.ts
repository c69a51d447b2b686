const FULL = ['ENOSPC', 'EDQUOT', 'DISK_FULL'];
const WAIT_MS = 1000;
const SLEEPER = new Int32Array(new SharedArrayBuffer(4));

/** Whether an error says that there is no room on a disk, or that its quota is used up: both may pass. */
export function isDiskFull(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && typeof error.code === 'string' && FULL.includes(error.code)
  );
}

/** Does some work again, blocking between, until there is room for it. */
export function retryWhileDiskFull<T>(work: () => T): T {
  for (;;) {
    try {
      return work();
    } catch (error) {
      if (!isDiskFull(error)) throw error;
      Atomics.wait(SLEEPER, 0, 0, WAIT_MS);
    }
  }
}

/** What this process says goes to a file: where that has no room the words are lost, and nothing else. */
export function surviveFullLog(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error) => {
      if (!isDiskFull(error)) throw error;
    });
  }
}
