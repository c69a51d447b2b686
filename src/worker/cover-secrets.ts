import { closeSync, readSync, writeSync } from 'node:fs';
import { openOwnFile, type SecretValues } from '../util/index.ts';

// The agent cuts what is longer.
const LONGEST = 64 * 1024 * 1024;

/**
 * Puts asterisks in the place of secrets in what a task wrote between two positions of its worker's file, which stays
 * for as long as the worker does.
 */
export function coverSecrets(
  path: string,
  { from, to }: { readonly from: number; readonly to: number },
  secrets: SecretValues,
): void {
  if (secrets.isEmpty || to <= from || to - from > LONGEST) return;
  const file = openOwnFile(path, 'r+');
  try {
    const bytes = Buffer.alloc(to - from);
    const length = readSync(file, bytes, 0, bytes.byteLength, from);
    if (!secrets.cover(bytes.subarray(0, length))) return;
    for (let offset = 0; offset < length; ) {
      offset += writeSync(file, bytes, offset, length - offset, from + offset);
    }
  } finally {
    closeSync(file);
  }
}
