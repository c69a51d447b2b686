import { readdirSync, readFileSync } from 'node:fs';

/** Ids of a queue's processes by program: their command lines name its file. */
export function processesOf(
  queue: { readonly path: string },
  program: 'manager' | 'agent' | 'worker',
): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      const words = read(`/proc/${name}/cmdline`).split('\0');
      return words.includes(queue.path) && words.some((word) => word.includes(`/${program}/main.`));
    })
    .map(Number);
}

/** Milliseconds of processor time of all threads of a process, to the nanosecond and not to the tick. */
export function processorMs(pid: number): number {
  return threadsOf(pid)
    .map((thread) => Number(read(`/proc/${pid}/task/${thread}/schedstat`).split(' ')[0]) / 1e6)
    .reduce((a, b) => a + b, 0);
}

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    // The process is gone.
    return [];
  }
}

/** The most memory that a process held so far, in MB; 0 where it is gone. */
export function peakMegabytes(pid: number | 'self'): number {
  const kilobytes = /^VmHWM:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1];
  return (Number(kilobytes ?? 0) * 1024) / 1e6;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    // The process is gone.
    return '';
  }
}
