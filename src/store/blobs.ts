import { createHash } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeOwnFolder, openOwnFile } from '../util/index.ts';
import { syncDirectory } from './sync-directory.ts';

/**
 * Binary parts too large for the database, in files named by their content under `NAME.d/blobs`. A file is written
 * and synced before the row that names it. One file holds the parts of one value: their lengths as a line of JSON,
 * then their bytes.
 */
export class Blobs {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Writes the parts of a value; returns the name to keep in a row, or null where there are none. */
  write(parts: readonly Uint8Array[]): string | null {
    if (parts.length === 0) return null;
    const header = Buffer.from(`${JSON.stringify(parts.map((part) => part.byteLength))}\n`);
    const hash = createHash('sha256').update(header);
    for (const part of parts) hash.update(part);
    const name = hash.digest('hex');
    const path = join(this.#directory, name);
    if (existsSync(path)) {
      // Whoever wrote it may not have come to this yet.
      syncDirectory(this.#directory);
      return name;
    }
    for (const made of makeOwnFolder(this.#directory)) syncDirectory(dirname(made));
    const temporary = `${path}.${process.pid}`;
    const file = openOwnFile(temporary, 'w');
    try {
      for (const part of [header, ...parts]) writeWhole(file, part);
      fsyncSync(file);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
    syncDirectory(this.#directory);
    return name;
  }

  /** The parts of a value by the name in its row. */
  read(name: string | null): readonly Uint8Array[] {
    if (name === null) return [];
    const bytes = readFileSync(join(this.#directory, name));
    const end = bytes.indexOf(0x0a);
    const lengths = JSON.parse(bytes.toString('utf8', 0, end)) as number[];
    let offset = end + 1;
    return lengths.map((length) => {
      const part = bytes.subarray(offset, offset + length);
      offset += length;
      return part;
    });
  }
}

function writeWhole(file: number, bytes: Uint8Array): void {
  for (let offset = 0; offset < bytes.byteLength; ) offset += writeSync(file, bytes, offset);
}
