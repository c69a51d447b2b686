import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { readLog } from './write-ahead-log.ts';

const MAGIC = 'SQLite format 3\0';
/**
 * The pages of a file of SQLite (https://www.sqlite.org/fileformat2.html) as they are on the disk, with those of its
 * write-ahead log; read without SQLite, which refuses much of what is damaged, and changes files when it opens them.
 */
export class PageFile {
  readonly pageBytes: number;
  /** Bytes of a page that hold something. */
  readonly usable: number;
  readonly count: number;
  readonly #file: number;
  readonly #log: ReadonlyMap<number, Buffer>;

  /** `usual`: the size of pages where the header, which says it, is damaged. */
  constructor(path: string, usual: number) {
    this.#file = openSync(path, 'r');
    const header = Buffer.alloc(100);
    readSync(this.#file, header, 0, 100, 0);
    const isSound =
      header.toString('latin1', 0, MAGIC.length) === MAGIC && isPageSize(header.readUInt16BE(16));
    this.pageBytes = isSound ? header.readUInt16BE(16) : usual;
    this.usable = this.pageBytes;
    const { pages, size } = readLog(`${path}-wal`, this.pageBytes);
    this.#log = pages;
    this.count = Math.max(size, Math.floor(fstatSync(this.#file).size / this.pageBytes));
  }

  /** A page by its number, from 1; undefined where the file ends before it, or the disk does not give it. */
  page(number: number): Buffer | undefined {
    if (!Number.isInteger(number) || number < 1 || number > this.count) return undefined;
    const logged = this.#log.get(number);
    if (logged !== undefined) return logged;
    const bytes = Buffer.alloc(this.pageBytes);
    try {
      const read = readSync(this.#file, bytes, 0, this.pageBytes, (number - 1) * this.pageBytes);
      return read === this.pageBytes ? bytes : undefined;
    } catch {
      // What the disk does not give is damaged like what it gives wrongly.
      return undefined;
    }
  }

  close(): void {
    closeSync(this.#file);
  }
}

function isPageSize(bytes: number): boolean {
  return bytes >= 512 && bytes <= 32_768 && (bytes & (bytes - 1)) === 0;
}
