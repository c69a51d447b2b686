import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';

const PIECE = 1 << 20;

/** What is wrong with the file of a blob; undefined where its content is what its name says. Reads piece by piece. */
export function faultOfBlob(directory: string, name: string): 'missing' | 'unreadable' | 'wrong' | undefined {
  try {
    return hashOfFile(join(directory, name)) === name ? undefined : 'wrong';
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    return code === 'ENOENT' ? 'missing' : 'unreadable';
  }
}

function hashOfFile(path: string): string {
  const file = openSync(path, 'r');
  try {
    const hash = createHash('sha256');
    const piece = Buffer.allocUnsafe(PIECE);
    for (let read = readSync(file, piece); read > 0; read = readSync(file, piece))
      hash.update(piece.subarray(0, read));
    return hash.digest('hex');
  } finally {
    closeSync(file);
  }
}
