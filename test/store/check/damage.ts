import { closeSync, openSync, writeSync } from 'node:fs';
import { Random } from '../../chaos/random.ts';

/** Writes over a part of a file: random bytes, or zeros without a seed. */
export function overwrite(
  path: string,
  { offset, length, seed }: { readonly offset: number; readonly length: number; readonly seed?: number },
): void {
  const random = seed === undefined ? undefined : new Random(seed);
  const file = openSync(path, 'r+');
  try {
    writeSync(
      file,
      Uint8Array.from({ length }, () => random?.below(256) ?? 0),
      0,
      length,
      offset,
    );
  } finally {
    closeSync(file);
  }
}
