import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** Sends a signal to a process and all it started, whose parents are still there. */
export function signalTree(pid: number, signal: NodeJS.Signals): void {
  for (const one of withDescendants(pid, parents())) {
    try {
      process.kill(one, signal);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  }
}

/** A process before those it started. `pairs` are process ids with those of their parents. */
function withDescendants(pid: number, pairs: readonly (readonly [number, number])[]): number[] {
  const found = [pid];
  for (const parent of found) for (const [child, of] of pairs) if (of === parent) found.push(child);
  return found;
}

function parents(): (readonly [number, number])[] {
  if (process.platform === 'linux') return readdirSync('/proc').flatMap(parentInProc);
  return execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([pid, parent]) => (pid && parent ? [[pid, parent] as const] : []));
}

function parentInProc(name: string): (readonly [number, number])[] {
  if (!/^\d+$/.test(name)) return [];
  try {
    const stat = readFileSync(`/proc/${name}/stat`, 'latin1');
    // The name of the program, in parentheses, may hold anything; state and parent follow it.
    const parent = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1];
    return [[Number(name), Number(parent)]];
  } catch {
    // It is gone.
    return [];
  }
}
