import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  fstatSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PipeError } from '../errors.ts';
import { openOwnFile, OWN_FILE } from '../util/index.ts';
import { Database, isUnwritable } from './driver.ts';
import { initialise } from './initialise.ts';
import { pauseMs, sleep } from './patience.ts';
import { type FileStamp, isOneState, stampOf } from './file-stamp.ts';

const MOST_ATTEMPTS = 200;
const CHUNK = 4 * 1024 * 1024;

/**
 * Opens a private copy of a queue as it is now, also while others write, and writes nothing beside it: SQLite itself
 * makes files there, or refuses. The copy has no name any more once it is open, so that nothing is left behind. Not for
 * a process that has the queue open for writing: closing any descriptor of a file gives up SQLite's locks on it.
 */
export function openSnapshot(path: string): Database {
  const folder = mkdtempSync(join(tmpdir(), 'tspipe-snapshot-'));
  let db: Database | undefined;
  try {
    const copy = join(folder, 'queue.sqlite');
    copyQueue(path, copy);
    const opened = new Database(copy);
    db = opened;
    // With the log folded in, the copy is one file; an exclusive one needs no shared memory beside it.
    opened.exec(
      'PRAGMA locking_mode = EXCLUSIVE; PRAGMA trusted_schema = OFF; PRAGMA journal_mode = MEMORY;',
    );
    initialise(opened, path, 'shared');
    opened.exec('PRAGMA query_only = ON');
    return opened;
  } catch (error) {
    db?.close();
    throw describe(error, path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Copies the file of a queue and its log, so that both together are one state that the queue had meanwhile. */
export function copyQueue(path: string, target: string): void {
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const before = stampOf(path);
    if (!before.isInTransaction && copyOnce(path, target, before)) return;
    rmSync(target, { force: true });
    rmSync(`${target}-wal`, { force: true });
    sleep(pauseMs(attempt));
  }
  throw new PipeError(
    'QUEUE_BUSY',
    `${path} changed each of the ${MOST_ATTEMPTS} times that it was copied. Try again when less is written to it.`,
  );
}

/**
 * The log holds all pages that checkpoints write to the file while it is copied; so the log is copied second. That is
 * one state, unless the log was begun anew, which its header tells.
 */
function copyOnce(path: string, target: string, before: FileStamp): boolean {
  const reader = before.log === undefined ? undefined : startReading(path);
  try {
    copyFile(path, target);
    if (before.log !== undefined) copyFile(`${path}-wal`, `${target}-wal`);
    return isOneState(before, stampOf(path));
  } catch (error) {
    // The log went away: its last user left.
    if (isMissing(error) && before.log !== undefined) return false;
    throw error;
  } finally {
    reader?.close();
  }
}

/** Readers keep writers from beginning the log anew, so that a large file can be copied; it is no more than a help. */
function startReading(path: string): Database | undefined {
  let db: Database | undefined;
  try {
    const reader = new Database(path, undefined, { isReadOnly: true });
    db = reader;
    reader.exec('BEGIN; SELECT count(*) FROM sqlite_schema');
    return reader;
  } catch {
    // Nobody has it open, or has left.
    db?.close();
    return undefined;
  }
}

/** As a copy that shares its blocks where the file system can, which takes no time and no room. */
function copyFile(from: string, to: string): void {
  try {
    copyFileSync(from, to, constants.COPYFILE_FICLONE_FORCE);
    chmodSync(to, OWN_FILE);
    return;
  } catch {
    rmSync(to, { force: true });
  }
  // Not by copyFileSync, which never ends where the file gets shorter meanwhile.
  const source = openSync(from, 'r');
  try {
    const target = openOwnFile(to, 'wx', OWN_FILE);
    try {
      copyBytes(source, target);
    } finally {
      closeSync(target);
    }
  } finally {
    closeSync(source);
  }
}

function copyBytes(source: number, target: number): void {
  const { size } = fstatSync(source);
  const buffer = Buffer.allocUnsafe(Math.min(CHUNK, Math.max(1, size)));
  for (let at = 0; at < size; ) {
    const count = readSync(source, buffer, 0, Math.min(buffer.length, size - at), at);
    if (count === 0) return;
    for (let done = 0; done < count; ) done += writeSync(target, buffer, done, count - done);
    at += count;
  }
}

function describe(error: unknown, path: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EACCES' || code === 'EPERM' || isUnwritable(error)) {
    return new PipeError(
      'QUEUE_NOT_READABLE',
      `${path} cannot be read: ${message(error)}. Ask its owner to share it: new Queue(name, { share: 'read' }).`,
      { cause: error },
    );
  }
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new PipeError(
      'DISK_FULL',
      `${tmpdir()} has no room for a copy of ${path}, which is read there. Set TMPDIR to a folder with more.`,
      { cause: error },
    );
  }
  return error;
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
