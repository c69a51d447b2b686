import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { PipeError } from '../errors.ts';
import { isProvenDead } from '../util/index.ts';
import { Database } from './driver.ts';
import { isLocal } from './file-system.ts';
import { HostLock, LockTaken } from './host-lock.ts';
import { assertOurs } from './initialise.ts';
import { isHeldByOthers, retryWhileBusy } from './patience.ts';
import { queueDirectory } from './queue-files.ts';
import { modeOf, notHere, type QueueMode, writeMark } from './queue-mode.ts';
import { identityOf, liveProcesses, type ProcessRow } from './sql/processes.ts';
import { describe } from './store-errors.ts';

/**
 * Makes a queue that is there one for many hosts, or for one machine; false where it is that already. Throws
 * `QUEUE_NOT_FOUND`, `QUEUE_BUSY` while processes have it open or may be at work on it, and `QUEUE_MODE` where it cannot
 * be what is asked for.
 */
export function convertQueue(path: string, mode: QueueMode): boolean {
  if (!existsSync(path)) throw new PipeError('QUEUE_NOT_FOUND', `There is no queue ${path}.`);
  if (mode === 'local' && !isLocal(path)) throw notHere(path);
  if (modeOf(path) === mode) return false;
  try {
    if (mode === 'shared') toShared(path);
    else toLocal(path);
    return true;
  } catch (error) {
    if (isHeldByOthers(error)) throw busy(path, 'other processes have it open');
    throw describe(error, path);
  }
}

/** A connection that wants the file for itself needs no shared memory, so this works also over a network. */
function toShared(path: string): void {
  const db = new Database(path);
  try {
    db.exec('PRAGMA locking_mode = EXCLUSIVE');
    assertIdle(db, path);
    db.exec('PRAGMA journal_mode = DELETE');
  } finally {
    db.close();
  }
  writeMark(path, 'shared');
}

function toLocal(path: string): void {
  const directory = queueDirectory(path);
  const lock = new HostLock(join(directory, 'lock'));
  retryWhileBusy(() => {
    if (!lock.tryTake()) throw new LockTaken(path);
  });
  try {
    const db = new Database(path);
    try {
      assertIdle(db, path);
      db.exec('PRAGMA journal_mode = WAL');
    } finally {
      db.close();
    }
    rmSync(join(directory, 'doorbell'), { force: true });
    writeMark(path, 'local');
  } finally {
    lock.close();
  }
}

/** Of scripts that only have it open between transactions nobody knows; they are told when they use it next. */
function assertIdle(db: Database, path: string): void {
  assertOurs(db, path);
  const alive = [...liveProcesses(db, 'manager'), ...liveProcesses(db, 'agent')].filter(
    (row) => !isDead(row),
  );
  if (alive.length === 0) return;
  const list = alive.map(({ kind, pid, host }) => `${kind} ${pid ?? '(starting)'} on ${host ?? 'some host'}`);
  throw busy(path, `these may be at work on it: ${list.join(', ')}`);
}

function isDead(row: ProcessRow): boolean {
  const identity = identityOf(row);
  return identity !== undefined && isProvenDead(identity);
}

function busy(path: string, why: string): PipeError {
  return new PipeError(
    'QUEUE_BUSY',
    `${path} cannot be converted now: ${why}. End what uses it, then try again.`,
  );
}
