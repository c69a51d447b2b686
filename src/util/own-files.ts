import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { PipeError } from '../errors.ts';

/** Rights of what only its user may see. */
export const OWN_FILE = 0o600;
export const OWN_FOLDER = 0o700;

const { O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW, O_RDWR, O_TRUNC, O_WRONLY } = constants;
const FLAGS = {
  a: O_WRONLY | O_CREAT | O_APPEND,
  w: O_WRONLY | O_CREAT | O_TRUNC,
  'w+': O_RDWR | O_CREAT | O_TRUNC,
  wx: O_WRONLY | O_CREAT | O_EXCL,
  'r+': O_RDWR,
} as const;

// What a folder hands down: never that somebody else may write where everybody may.
const HANDED_DOWN = 0o2775;
const SETGID = 0o2000;

/**
 * Opens a file for writing, made where it is missing, whatever the umask: 0600, or what the shared folder that it is in
 * hands down. A symbolic link in its place is not followed: whoever may write to a shared folder could lead it anywhere. Throws
 * `PATH_UNSAFE` for one.
 */
export function openOwnFile(path: string, flags: keyof typeof FLAGS, mode = modeIn(dirname(path))): number {
  const file = openItself(path, FLAGS[flags], mode);
  try {
    const stat = fstatSync(file);
    const isNew = stat.size === 0 && stat.uid === process.geteuid?.();
    if (isNew && (stat.mode & 0o777) !== mode) orUnable(() => fchmodSync(file, mode));
    return file;
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

function openItself(path: string, flags: number, mode: number): number {
  try {
    return openSync(path, flags | O_NOFOLLOW, mode);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ELOOP') throw linked(path, cause);
    throw cause;
  }
}

/** Makes a folder beside a queue as `makeOwnFolder` does; a link in its place is refused. Throws `PATH_UNSAFE`. */
export function makeQueueFolder(path: string): string[] {
  const made = makeOwnFolder(path);
  if (made.length === 0 && lstatSync(path).isSymbolicLink()) throw linked(path);
  return made;
}

function linked(path: string, cause?: unknown): PipeError {
  return new PipeError(
    'PATH_UNSAFE',
    `${path} is a symbolic link, so it is not written to: it could lead anywhere. Remove it, or put what it leads to in its place.`,
    { cause },
  );
}

/**
 * Makes a folder, and those above it that are missing, whatever the umask: 0700, or what a shared folder above hands
 * down. Returns those made, the uppermost first.
 */
export function makeOwnFolder(path: string, mode?: number): string[] {
  if (existsSync(path)) return [];
  const parent = dirname(path);
  const made = makeOwnFolder(parent, mode);
  try {
    mkdirSync(path, OWN_FOLDER);
  } catch (error) {
    // Another process was quicker.
    if (isExisting(error)) return made;
    throw error;
  }
  orUnable(() => chmodSync(path, mode ?? folderModeIn(parent)));
  return [...made, path];
}

/** Some file systems, of networks mostly, have no rights to give. */
function orUnable(change: () => void): void {
  try {
    change();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS') throw error;
  }
}

/** True for the error of a file that is there already. */
export function isExisting(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST';
}

/** Rights of a file that is made in a folder. */
export function modeIn(folder: string): number {
  return OWN_FILE | (folderModeIn(folder) & 0o064);
}

/** A shared folder is known by its setgid bit, by which what is made in it belongs to its group. */
function folderModeIn(parent: string): number {
  const { mode } = statSync(parent);
  return (mode & SETGID) === 0 ? OWN_FOLDER : OWN_FOLDER | (mode & HANDED_DOWN);
}
