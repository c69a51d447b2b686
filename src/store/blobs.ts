import { createHash } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PipeError } from '../errors.ts';
import { makeQueueFolder, openOwnFile, showValue } from '../util/index.ts';
import { isBlobName } from './blob-name.ts';
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
    for (const made of makeQueueFolder(this.#directory)) syncDirectory(dirname(made));
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

  /** The parts of a value by the name in its row. Throws `VALUE_MALFORMED` and `QUEUE_DAMAGED`. */
  read(name: string | null): readonly Uint8Array[] {
    if (name === null) return [];
    // A name comes from a row, and becomes a path.
    if (!isBlobName(name)) throw malformed(`A row names the blob ${showValue(name)}`);
    const bytes = contentOf(join(this.#directory, name));
    const end = bytes.indexOf(0x0a);
    const lengths = lengthsIn(bytes.toString('latin1', 0, Math.max(0, end)));
    let offset = end + 1;
    const size = lengths?.reduce((sum, length) => sum + length, offset);
    if (lengths === undefined || size !== bytes.byteLength) throw malformed(`The blob ${name} is damaged`);
    return lengths.map((length) => {
      const part = bytes.subarray(offset, offset + length);
      offset += length;
      return part;
    });
  }
}

function contentOf(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    const what = `The file ${path} with parts of a value cannot be read`;
    throw new PipeError('QUEUE_DAMAGED', `${what}. Was it moved or deleted? See: tspipe check.`, { cause });
  }
}

/** Undefined where the first line of a file is no list of lengths. */
function lengthsIn(line: string): readonly number[] | undefined {
  return /^\[\d{1,15}(?:,\d{1,15})*\]$/.test(line) ? (JSON.parse(line) as number[]) : undefined;
}

function malformed(what: string): PipeError {
  return new PipeError('VALUE_MALFORMED', `${what}. It was not written by tspipe; run again what made it.`);
}

function writeWhole(file: number, bytes: Uint8Array): void {
  for (let offset = 0; offset < bytes.byteLength; ) offset += writeSync(file, bytes, offset);
}
