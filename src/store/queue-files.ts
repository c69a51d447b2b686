import { chmodSync, closeSync, existsSync, readdirSync, rmSync, type Stats, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PipeError } from '../errors.ts';
import { isExisting, makeOwnFolder, openOwnFile, OWN_FILE, OWN_FOLDER } from '../util/index.ts';
import { syncDirectory } from './sync-directory.ts';

/** Folder for blobs, logs and job scripts: `NAME.d` beside `NAME.sqlite`. */
export function queueDirectory(path: string): string {
  return path.replace(/\.sqlite$/, '.d');
}

/** With whom a queue is shared: those of its group write to it, or read it. Told by the rights of its file. */
export type Share = 'group' | 'read';

interface Rights {
  readonly file: number;
  readonly folder: number;
}

const RIGHTS: Readonly<Record<Share, Rights>> = {
  group: { file: 0o660, folder: 0o2770 },
  read: { file: 0o640, folder: 0o2750 },
};
const OWN: Rights = { file: OWN_FILE, folder: OWN_FOLDER };

/**
 * Makes the files of a queue where they are missing, readable for their owner only, or as `share` says, whatever the
 * umask. One that is there gets the rights of `share` from its owner, with all that is in its folder.
 */
export function prepareFiles(path: string, share?: Share): void {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat !== undefined && !stat.isFile()) {
    throw new PipeError(
      'QUEUE_NOT_A_FILE',
      `${path} is not a file, so it cannot hold a queue. Choose another name.`,
    );
  }
  try {
    const rights = share === undefined ? OWN : RIGHTS[share];
    makeFolder(dirname(path), rights);
    if (stat === undefined) makeFile(path, rights);
    makeFolder(queueDirectory(path), share === undefined ? rightsOf(path) : rights);
    if (share !== undefined && stat !== undefined) giveRights(path, stat, rights);
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

/** Those of a queue whose folder is missing: its file was copied or sent, say. */
function rightsOf(path: string): Rights {
  const mode = statSync(path).mode & 0o777;
  return Object.values(RIGHTS).find(({ file }) => file === mode) ?? OWN;
}

function giveRights(path: string, { mode, uid }: Stats, rights: Rights): void {
  if (uid !== process.geteuid?.() || (mode & 0o777) === rights.file) return;
  for (const ending of ['', '-wal', '-shm']) {
    if (existsSync(path + ending)) chmodSync(path + ending, rights.file);
  }
  giveRightsBelow(queueDirectory(path), rights);
}

function giveRightsBelow(folder: string, rights: Rights): void {
  chmodSync(folder, rights.folder);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) giveRightsBelow(path, rights);
    else if (entry.isFile()) chmodSync(path, rights.file);
  }
}

function makeFolder(path: string, { folder }: Rights): void {
  for (const made of makeOwnFolder(path, folder)) syncDirectory(dirname(made));
}

/** SQLite gives its other files the rights of this one. */
function makeFile(path: string, { file }: Rights): void {
  try {
    closeSync(openOwnFile(path, 'wx', file));
  } catch (error) {
    if (isExisting(error)) return;
    throw error;
  }
  syncDirectory(dirname(path));
}
