import { lstatSync, readFileSync } from 'node:fs';
import { PipeError } from '../errors.ts';

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'this user may not read it',
  EPERM: 'this user may not read it',
  EISDIR: 'it is a folder',
  ELOOP: 'its symbolic links lead in a circle',
  ENOENT: 'it is a symbolic link to something that is not there',
};

/** The text of a configuration file; undefined where there is none. Throws `CONFIG_INVALID` where it cannot be read. */
export function readText(file: string): string | undefined {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    if (code === 'ENOTDIR' || (code === 'ENOENT' && !isThere(file))) return undefined;
    const reason = REASONS[code];
    const why = reason === undefined ? code : `${reason} (${code})`;
    throw new PipeError('CONFIG_INVALID', `${file} cannot be read: ${why}.`, { cause });
  }
  if (bytes.byteLength > LARGEST) {
    throw new PipeError(
      'CONFIG_INVALID',
      `${file} is larger than 64 KiB, so it is not read. Keep settings only.`,
    );
  }
  return decode(bytes, file);
}

// Whether keys stand twice is looked for by comparing them all.
const LARGEST = 64 * 1024;

/** Whether something stands at a path, be it a link that leads nowhere. */
export function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    // In a folder that cannot be searched nothing is there for this user.
    return false;
  }
}

function decode(bytes: Buffer, file: string): string {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    const line = firstLineNotUtf8(bytes);
    throw new PipeError(
      'CONFIG_INVALID',
      `${file}:${line}:1: the line is not UTF-8. Save the file as UTF-8.`,
      {
        cause,
      },
    );
  }
}

/** Counted from 1. In UTF-8 no part of a longer character looks like the end of a line. */
function firstLineNotUtf8(bytes: Buffer): number {
  const lines = bytes.toString('latin1').split('\n');
  const bad = lines.findIndex((line) => Buffer.from(line, 'latin1').toString('utf8').includes('\uFFFD'));
  return bad + 1;
}
