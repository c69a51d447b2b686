import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

// More lines than anybody wants to see; a log may have grown for months.
const MOST_BYTES = 64 * 1024;

/** The end of a text file, at most 64 KiB of it; empty where it is not there. */
export function fileEnd(path: string): string {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
  try {
    const { size } = fstatSync(file);
    const bytes = Buffer.alloc(Math.min(size, MOST_BYTES));
    const length = readSync(file, bytes, 0, bytes.byteLength, size - bytes.byteLength);
    return bytes.toString('utf8', 0, length);
  } finally {
    closeSync(file);
  }
}
