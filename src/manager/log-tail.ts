import { readFileSync } from 'node:fs';
import { lastLines } from '../util/index.ts';

/** The last lines of a file; empty where it is not there. */
export function readTail(path: string, lines: number): string {
  try {
    return lastLines(readFileSync(path, 'utf8'), lines);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}
