import { readdirSync, readFileSync } from 'node:fs';

/** A process that belongs to a round. */
export interface Living {
  readonly pid: number;
  readonly program: 'script' | 'agent' | 'worker' | 'manager' | 'command';
  readonly isStopped: boolean;
}

/** The processes that were started, directly or not, with the folder of a round in their environment. */
export function livingOf(folder: string): Living[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((name) => look(name, folder));
}

function look(pid: string, folder: string): Living[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const state = stat.charAt(stat.lastIndexOf(')') + 2);
    if (state === 'Z' || state === 'X') return [];
    if (!readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`CHAOS_FOLDER=${folder}\0`)) return [];
    const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    const own = /(agent|worker|manager)\/main\./.exec(line)?.[1] as Living['program'] | undefined;
    const program = own ?? (line.includes('pipeline.ts') ? 'script' : 'command');
    return [{ pid: Number(pid), program, isStopped: state === 'T' }];
  } catch {
    // It is gone, or another user's.
    return [];
  }
}

/** To a process that may be gone by now. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
