import { execFileSync } from 'node:child_process';
import { accessSync, constants, readFileSync, type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { PipeError } from '../errors.ts';
import { queueDirectory } from './queue-files.ts';

/**
 * Why a queue is open for reading only: in words, after its path; undefined where it may be written. Another user's is,
 * unless that user is trusted: whoever writes to a queue may come to run what is in it.
 */
export function whyOnlyRead(path: string, isTrusted: boolean): string | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return undefined;
  if (isForeign(stat) && !isTrusted)
    return `belongs to ${userNamed(stat.uid)} and is open for reading only. Where you trust that user with your account: --trust, or new Queue(name, { trust: true })`;
  if (mayWrite(path) && mayWrite(dirname(path))) return undefined;
  return `is open for reading only: you may not write to ${mayWrite(path) ? dirname(path) : 'it'}`;
}

/**
 * Refuses to run a queue in which others may write: its code would run as this user. Trust lets in the owner and the
 * group of what is not everybody's. Throws `QUEUE_NOT_TRUSTED`.
 */
export function assertRunnable(path: string, isTrusted: boolean): void {
  for (const one of [path, dirname(path), queueDirectory(path), `${path}-wal`]) {
    const stat = statSync(one, { throwIfNoEntry: false });
    const fault = stat === undefined ? undefined : faultOf(stat, isTrusted);
    if (stat === undefined || fault === undefined) continue;
    const mode = (stat.mode & 0o7777).toString(8).padStart(4, '0');
    throw new PipeError(
      'QUEUE_NOT_TRUSTED',
      `${path} is not run, which would run what others put there as you: ${one} (mode ${mode}) ${fault}`,
    );
  }
}

function faultOf(stat: Stats, isTrusted: boolean): string | undefined {
  if ((stat.mode & 0o002) !== 0)
    return 'can be written by everybody. Take that right away (chmod o-w), or choose another folder.';
  if (isTrusted) return undefined;
  // Root may write everywhere as it is.
  if (isForeign(stat) && stat.uid !== 0)
    return `belongs to ${userNamed(stat.uid)}. Where you trust that user with your account: --trust, or new Queue(name, { trust: true }).`;
  if ((stat.mode & 0o020) !== 0 && !isGroupOfOne(stat))
    return 'can be written by its group. Take that right away (chmod g-w); or, where you trust all in the group with your account: --trust, or new Queue(name, { trust: true }).';
  return undefined;
}

function isForeign({ uid }: Stats): boolean {
  const user = process.geteuid?.();
  return user !== undefined && uid !== user;
}

/** Where the system gives each user a group, folders can be written by it. */
function isGroupOfOne({ uid, gid }: Stats): boolean {
  const groups = entriesOf('/etc/group').filter(([, , id]) => id === String(gid));
  const users = entriesOf('/etc/passwd');
  const [owner] = users.find(([, , id]) => id === String(uid)) ?? [];
  const ofGroup = users.filter(([, , , id]) => id === String(gid)).map(([name]) => name);
  const members = groups.flatMap(([, , , list = '']) => list.split(',')).filter((name) => name !== '');
  const isNamedSo = groups.length === 1 && groups[0]?.[0] === owner;
  return isNamedSo && [...ofGroup, ...members].every((name) => name === owner);
}

function entriesOf(path: string): string[][] {
  try {
    return readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.split(':'));
  } catch {
    return [];
  }
}

function mayWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function userNamed(uid: number): string {
  try {
    const name = execFileSync('id', ['-nu', String(uid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return `${name.trim()} (user ${uid})`;
  } catch {
    return `user ${uid}`;
  }
}
