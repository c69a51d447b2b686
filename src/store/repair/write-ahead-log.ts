import { readFileSync } from 'node:fs';

const HEADER_BYTES = 32;
const FRAME_BYTES = 24;

/** Pages by number, and of how many the file consists then; 0 where the log says nothing. */
interface LoggedPages {
  readonly pages: ReadonlyMap<number, Buffer>;
  readonly size: number;
}

const NONE: LoggedPages = { pages: new Map(), size: 0 };

/** What a write-ahead log holds up to its last commit of which every byte is what was written. */
export function readLog(path: string, pageBytes: number): LoggedPages {
  const log = contentOf(path);
  if (log.byteLength < HEADER_BYTES) return NONE;
  const sum = new Checksum(log.readUInt32BE(0));
  if (!sum.isKnown || log.readUInt32BE(8) !== pageBytes) return NONE;
  sum.add(log.subarray(0, 24));
  if (!sum.is(log, 24)) return NONE;
  let done = NONE;
  const open = new Map<number, Buffer>();
  const step = FRAME_BYTES + pageBytes;
  for (let at = HEADER_BYTES; at + step <= log.byteLength; at += step) {
    const salts = log.subarray(at + 8, at + 16);
    sum.add(log.subarray(at, at + 8));
    sum.add(log.subarray(at + FRAME_BYTES, at + step));
    if (!salts.equals(log.subarray(16, 24)) || !sum.is(log, at + 16)) break;
    open.set(log.readUInt32BE(at), log.subarray(at + FRAME_BYTES, at + step));
    const size = log.readUInt32BE(at + 4);
    if (size > 0) done = { pages: new Map(open), size };
  }
  return done;
}

function contentOf(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    // Without a log everything is in the file; one that cannot be read is like one that is lost.
    return Buffer.alloc(0);
  }
}

/** The running checksum of a log. */
class Checksum {
  readonly isKnown: boolean;
  readonly #isBigEndian: boolean;
  #a = 0;
  #b = 0;

  constructor(magic: number) {
    this.isKnown = (magic & 0xffff_fffe) >>> 0 === 0x377f_0682;
    this.#isBigEndian = (magic & 1) === 1;
  }

  add(bytes: Buffer): void {
    const read = (at: number): number =>
      this.#isBigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at);
    for (let at = 0; at < bytes.byteLength; at += 8) {
      this.#a = (this.#a + read(at) + this.#b) >>> 0;
      this.#b = (this.#b + read(at + 4) + this.#a) >>> 0;
    }
  }

  is(log: Buffer, at: number): boolean {
    return log.readUInt32BE(at) === this.#a && log.readUInt32BE(at + 4) === this.#b;
  }
}
