import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** What one look at a process showed. `unseen`: there is one of that id, but we may not look at it. */
export type Sighting =
  | { readonly state: 'running'; readonly startTime: string }
  | { readonly state: 'gone' }
  | { readonly state: 'unseen' };

/** Looks at a process through /proc. Its start time is in clock ticks since the boot. See proc_pid_stat(5). */
export function lookInProc(pid: number, root = '/proc'): Sighting {
  let text: string;
  try {
    text = readFileSync(`${root}/${pid}/stat`, 'latin1');
  } catch {
    // Mounted with hidepid, /proc does not show the processes of other users.
    return signalFinds(pid) ? { state: 'unseen' } : { state: 'gone' };
  }
  return readStat(text);
}

/** Reads the text of /proc/PID/stat. The name, in parentheses, may itself hold spaces and parentheses. */
export function readStat(text: string): Sighting {
  const fields = text
    .slice(text.lastIndexOf(')') + 1)
    .trim()
    .split(' ');
  const [state] = fields;
  const startTime = fields[19];
  if (state === 'Z' || state === 'X' || state === 'x') return { state: 'gone' };
  return startTime === undefined ? { state: 'unseen' } : { state: 'running', startTime };
}

/** Looks at a process through `ps`, where there is no /proc. Its start time is a date, to the second. */
export function lookWithPs(pid: number): Sighting {
  let line: string;
  try {
    line = execFileSync('ps', ['-o', 'stat=', '-o', 'lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return signalFinds(pid) ? { state: 'unseen' } : { state: 'gone' };
  }
  const [, state = '', startTime = ''] = /^(\S+)\s+(.*)$/.exec(line) ?? [];
  if (/^[ZX]/.test(state)) return { state: 'gone' };
  return startTime === '' ? { state: 'unseen' } : { state: 'running', startTime };
}

function signalFinds(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}
