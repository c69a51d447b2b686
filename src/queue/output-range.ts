import { closeSync, openSync, readSync } from 'node:fs';
import type { StoredText } from '../store/index.ts';

/** How much of each stream is kept. */
const KEPT_BYTES = 10 * 1024 * 1024;

const CUT_BYTES = 20 * 1024 * 1024;

export interface OutputRange {
  readonly from: number;
  readonly to: number;
  /** Nothing is left out. */
  readonly whole?: boolean;
}

/**
 * What a task wrote between two positions of its worker's output file. Of more than 10 MiB the beginning and the end
 * are kept, with a line between them that says so. Null where there is nothing.
 */
export function readOutputRange(path: string, range: OutputRange): StoredText | null {
  const { from, to, whole = false } = range;
  const length = to - from;
  if (length <= 0) return null;
  const file = openSync(path, 'r');
  try {
    if (whole || length <= KEPT_BYTES) return { text: read(file, from, length), blob: null };
    const half = KEPT_BYTES / 2;
    // The agent cuts a file that grows beyond measure: nobody knows by how much.
    const least = length > CUT_BYTES ? 'at least ' : '';
    const cut = `\n… tspipe: ${least}${length - KEPT_BYTES} bytes of output are left out here …\n`;
    return { text: read(file, from, half) + cut + read(file, to - half, half), blob: null };
  } finally {
    closeSync(file);
  }
}

function read(file: number, from: number, length: number): string {
  const bytes = Buffer.allocUnsafe(length);
  let got = 0;
  while (got < length) {
    const more = readSync(file, bytes, got, length - got, from + got);
    if (more === 0) break;
    got += more;
  }
  return bytes.toString('utf8', 0, got);
}
