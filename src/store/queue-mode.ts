import { closeSync, existsSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PipeError } from '../errors.ts';
import { openOwnFile } from '../util/index.ts';
import { readHeader } from './file-header.ts';
import { fileSystemName, isLocal } from './file-system.ts';
import { queueDirectory } from './queue-files.ts';
import { syncDirectory } from './sync-directory.ts';

/** For one machine (a write-ahead log), or for many hosts (a lock around each transaction). */
export type QueueMode = 'local' | 'shared';

/**
 * The mode of a queue that is there. Its journal tells; but on a local disk this process may have the file open, and to
 * read it beside SQLite would end SQLite's locks (https://www.sqlite.org/howtocorrupt.html, 2.2): there a mark tells.
 */
export function modeOf(path: string): QueueMode | undefined {
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) === 0) return undefined;
  if (isLocal(path)) return existsSync(markOf(path)) ? 'shared' : 'local';
  const header = readHeader(path);
  return header && (header.isLogged ? 'local' : 'shared');
}

/** Marks a queue as shared, or not. */
export function writeMark(path: string, mode: QueueMode): void {
  const mark = markOf(path);
  if (mode === 'local') rmSync(mark, { force: true });
  else closeSync(openOwnFile(mark, 'a'));
  syncDirectory(dirname(mark));
}

/**
 * The mode in which to open a queue, and to make it where it is missing; `isShared` is what the caller asks for.
 * Throws `QUEUE_MODE` where the file is of the other mode, or where it is for one machine and lies on a disk of many.
 */
export function chooseMode(path: string, isShared: boolean | undefined): QueueMode {
  const wanted = isShared === undefined ? undefined : isShared ? 'shared' : 'local';
  const present = modeOf(path);
  if (present === undefined) {
    if (wanted === 'local' && !isLocal(path)) throw notHere(path);
    return wanted ?? (isLocal(path) ? 'local' : 'shared');
  }
  if (wanted !== undefined && present !== wanted) {
    const asked = `and shared: ${isShared} was asked for. Leave that out, or convert it while nobody uses it`;
    throw wrongMode(path, present, asked);
  }
  if (present === 'local' && !isLocal(path)) {
    throw wrongMode(path, present, `and lies on a ${ofMany(path)}. Convert it while nobody uses it`);
  }
  return present;
}

/** The error for a queue of one mode where the other is needed; `why` ends in what to do. */
export function wrongMode(path: string, present: QueueMode, why: string): PipeError {
  const words = present === 'local' ? 'one machine (it has a write-ahead log)' : 'many hosts';
  const other = present === 'local' ? 'shared' : 'local';
  const cure = `tspipe queues convert -q ${path.replace(/\.sqlite$/, '')} --${other}`;
  return new PipeError('QUEUE_MODE', `The queue ${path} is for ${words}, ${why}: ${cure}.`);
}

/** The error for a queue for one machine on a disk of many. */
export function notHere(path: string): PipeError {
  return new PipeError(
    'QUEUE_MODE',
    `The queue ${path} cannot be for one machine: it lies on a ${ofMany(path)}. Leave that out, or choose another base directory.`,
  );
}

function ofMany(path: string): string {
  return `${fileSystemName(path)}, which is not known to be of this machine alone`;
}

function markOf(path: string): string {
  return join(queueDirectory(path), 'shared');
}
