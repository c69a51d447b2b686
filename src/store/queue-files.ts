import { closeSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { PipeError } from '../errors.ts';
import { isExisting, makeOwnFolder, openOwnFile, OWN_FILE, OWN_FOLDER } from '../util/index.ts';
import { syncDirectory } from './sync-directory.ts';

/** Folder for blobs, logs and job scripts: `NAME.d` beside `NAME.sqlite`. */
export function queueDirectory(path: string): string {
  return path.replace(/\.sqlite$/, '.d');
}

/** Makes the files of a queue where they are missing, readable for their owner only, whatever the umask. */
export function prepareFiles(path: string): void {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat !== undefined && !stat.isFile()) {
    throw new PipeError(
      'QUEUE_NOT_A_FILE',
      `${path} is not a file, so it cannot hold a queue. Choose another name.`,
    );
  }
  try {
    makeFolder(dirname(path));
    if (stat === undefined) makeFile(path);
    makeFolder(queueDirectory(path));
  } catch (error) {
    throw new PipeError(
      'QUEUE_NOT_WRITABLE',
      `The files of the queue ${path} cannot be made: ${String(error)}. Choose another base directory.`,
      { cause: error },
    );
  }
}

/** Deletes all files of a queue. */
export function removeFiles(path: string): void {
  for (const ending of ['', '-wal', '-shm', '-journal']) rmSync(path + ending, { force: true });
  rmSync(queueDirectory(path), { recursive: true, force: true });
}

/** Tells one file from another that took its name. */
export function fileIdentity(path: string): string | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? undefined : `${stat.dev}:${stat.ino}`;
}

function makeFolder(path: string): void {
  for (const made of makeOwnFolder(path, OWN_FOLDER)) syncDirectory(dirname(made));
}

/** SQLite gives its other files the rights of this one. */
function makeFile(path: string): void {
  try {
    closeSync(openOwnFile(path, 'wx', OWN_FILE));
  } catch (error) {
    if (isExisting(error)) return;
    throw error;
  }
  syncDirectory(dirname(path));
}
