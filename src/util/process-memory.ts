import { readFileSync } from 'node:fs';

/**
 * Bytes that processes hold in memory, by the quick count of the system, in which what several share counts for each.
 * Those that are gone count nothing. Only on Linux; 0 elsewhere. See proc_pid_statm(5).
 */
export function residentBytes(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + pagesOf(pid) * pageSize(), 0);
}

/** The same, exact and slow: what several share is divided among them. */
export function proportionalBytes(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + (proportionalOf(pid) ?? residentBytes([pid])), 0);
}

function pagesOf(pid: number): number {
  return Number(read(`/proc/${pid}/statm`).split(' ')[1] ?? 0);
}

function proportionalOf(pid: number): number | undefined {
  const kibibytes = /^Pss:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1];
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
}

let knownPageSize: number | undefined;

/** From the vector that the kernel gives each process: pairs of words, of which 6 (AT_PAGESZ) names the page size. */
function pageSize(): number {
  knownPageSize ??= readPageSize();
  return knownPageSize;
}

function readPageSize(): number {
  try {
    const words = new BigUint64Array(new Uint8Array(readFileSync('/proc/self/auxv')).buffer);
    for (let at = 0; at + 1 < words.length; at += 2) if (words[at] === 6n) return Number(words[at + 1]);
  } catch {
    // The usual size.
  }
  return 4096;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    // The process is gone, or another user's.
    return '';
  }
}
