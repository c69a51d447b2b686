import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const HEADER_BYTES = 100;
const MAGIC = 'SQLite format 3\0';

/** What the first bytes of a database say (https://www.sqlite.org/fileformat2.html#the_database_header). */
export interface FileHeader {
  /** Whether changes go to a write-ahead log. */
  readonly isLogged: boolean;
  /** Counts commits where there is no write-ahead log. */
  readonly changes: number;
  /** Whether the file is as long as it says. */
  readonly isWhole: boolean;
}

/**
 * Reads the header of a file as this host sees it now, without SQLite, which would put a transaction back that another
 * host is in. Undefined where there is none: the file is new, or no database.
 */
export function readHeader(path: string): FileHeader | undefined {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(HEADER_BYTES);
    if (readSync(file, bytes, 0, HEADER_BYTES, 0) < HEADER_BYTES) return undefined;
    if (bytes.toString('latin1', 0, MAGIC.length) !== MAGIC) return undefined;
    const pageSize = bytes.readUInt16BE(16) === 1 ? 65_536 : bytes.readUInt16BE(16);
    return {
      isLogged: bytes[18] === 2,
      changes: bytes.readUInt32BE(24),
      isWhole: fstatSync(file).size >= bytes.readUInt32BE(28) * pageSize,
    };
  } finally {
    closeSync(file);
  }
}
