import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Environment } from '../environment/index.ts';
import { type NoteRecord, readNote } from '../queue/index.ts';
import { environments, selectTasks, type Store } from '../store/index.ts';
import { SecretValues, visibleLine, visibleText } from '../util/index.ts';
import type { Progress } from './progress.ts';

interface Followed {
  /** How far the file has been shown, and what of its last line is not. */
  offset: number;
  rest: Buffer;
}

const MOST_BYTES = 64 * 1024;
// Those of tasks that run; a run may have millions.
const MOST_TITLES = 1000;
const NEWLINE = 0x0a;

/** Shows what running tasks print, line by line, behind the name of the task. */
export class OutputStream {
  readonly #store: Store;
  readonly #progress: Progress;
  readonly #files = new Map<string, Followed>();
  readonly #titles = new Map<number, string>();
  readonly #secrets = SecretValues.of(process.env);

  constructor(store: Store, progress: Progress) {
    this.#store = store;
    this.#progress = progress;
  }

  look(): void {
    const root = join(this.#store.directory, 'workers');
    for (const agent of list(root)) {
      for (const file of list(join(root, agent))) {
        if (file.endsWith('.out') || file.endsWith('.err')) this.#follow(join(root, agent, file));
      }
    }
  }

  #follow(path: string): void {
    const followed = this.#files.get(path) ?? { offset: 0, rest: Buffer.alloc(0) };
    this.#files.set(path, followed);
    const fresh = readFrom(path, followed);
    if (fresh.length === 0) return;
    this.#learnSecrets();
    const bytes = Buffer.concat([followed.rest, fresh]);
    const start = followed.offset - bytes.length;
    const records = notesOf(path.replace(/\.(out|err)$/, '.note'));
    const offsetOf = (record: NoteRecord): number =>
      path.endsWith('.out') ? record.outOffset : record.errOffset;
    let from = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, from)) {
      const begun = records.findLast((record) => offsetOf(record) <= start + from);
      this.#show(begun?.task, bytes.toString('utf8', from, end));
      from = end + 1;
    }
    const rest = bytes.subarray(from);
    const begun = records.findLast((record) => offsetOf(record) <= start + from);
    // A line without end is shown in pieces.
    if (rest.length >= MOST_BYTES) this.#show(begun?.task, rest.toString('utf8'));
    followed.rest = rest.length >= MOST_BYTES ? Buffer.alloc(0) : rest;
  }

  #show(task: number | undefined, line: string): void {
    const { cyan, dim } = this.#progress.colours;
    const text = visibleText(this.#secrets.mask(line));
    this.#progress.line(`${cyan(visibleLine(this.#title(task)))} ${dim('│')} ${text}`);
  }

  /** What is in the file as the task wrote it is masked when the task has ended; here it is shown before. */
  #learnSecrets(): void {
    for (const text of this.#store.read(environments)) {
      const { secrets } = Environment.from(JSON.parse(text)).toJSON();
      const names = Object.values(secrets);
      this.#secrets.add(Object.fromEntries(names.map((name) => [name, process.env[name]])), new Set(names));
    }
  }

  #title(task: number | undefined): string {
    if (task === undefined) return 'worker';
    const known = this.#titles.get(task);
    if (known !== undefined) return known;
    const row = this.#store.read((db) => selectTasks(db, { rows: [task] }))[0];
    const title = row === undefined ? 'worker' : `${row.name}[${row.number}]`;
    if (this.#titles.size >= MOST_TITLES) this.#titles.clear();
    this.#titles.set(task, title);
    return title;
  }
}

function notesOf(path: string): NoteRecord[] {
  try {
    return readNote(readFileSync(path));
  } catch (error) {
    return ifGone(error, []);
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    return ifGone(error, []);
  }
}

/** What a file has grown by, at most 64 KiB of it; one that was emptied begins anew. */
function readFrom(path: string, followed: Followed): Buffer {
  try {
    const { size } = statSync(path);
    if (size < followed.offset) Object.assign(followed, { offset: 0, rest: Buffer.alloc(0) });
    const length = Math.min(MOST_BYTES, size - followed.offset);
    const bytes = Buffer.alloc(length);
    if (length === 0) return bytes;
    const file = openSync(path, 'r');
    try {
      const got = readSync(file, bytes, 0, length, followed.offset);
      followed.offset += got;
      return bytes.subarray(0, got);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    return ifGone(error, Buffer.alloc(0));
  }
}

/** Workers end, and take their files with them, at any moment. */
function ifGone<T>(error: unknown, value: T): T {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return value;
  throw error;
}
