import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import pc from 'picocolors';
import { readNote } from '../queue/index.ts';
import { selectTasks, type Store } from '../store/index.ts';
import type { Progress } from './progress.ts';

interface Followed {
  offset: number;
  rest: string;
}

const MOST_BYTES = 64 * 1024;

/** Shows what running tasks print, line by line, behind the name of the task. */
export class OutputStream {
  readonly #store: Store;
  readonly #progress: Progress;
  readonly #files = new Map<string, Followed>();
  readonly #titles = new Map<number, string>();

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
    const followed = this.#files.get(path) ?? { offset: 0, rest: '' };
    this.#files.set(path, followed);
    const text = readFrom(path, followed);
    if (text === '') return;
    const lines = (followed.rest + text).split('\n');
    followed.rest = lines.pop() ?? '';
    const title = this.#title(path);
    for (const line of lines) this.#progress.line(`${pc.cyan(title)} ${pc.dim('│')} ${line}`);
  }

  /** The task that the worker is on now, by its note. */
  #title(path: string): string {
    const task = noteOf(path.replace(/\.(out|err)$/, '.note'));
    if (task === undefined) return 'worker';
    const known = this.#titles.get(task);
    if (known !== undefined) return known;
    const row = this.#store.read((db) => selectTasks(db, { rows: [task] }))[0];
    const title = row === undefined ? 'worker' : `${row.name}[${row.number}]`;
    this.#titles.set(task, title);
    return title;
  }
}

function noteOf(path: string): number | undefined {
  try {
    return readNote(readFileSync(path))[0]?.task;
  } catch (error) {
    return ifGone(error, undefined);
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    return ifGone(error, []);
  }
}

function readFrom(path: string, followed: Followed): string {
  try {
    const { size } = statSync(path);
    if (size < followed.offset) followed.offset = 0;
    const length = Math.min(MOST_BYTES, size - followed.offset);
    if (length === 0) return '';
    const file = openSync(path, 'r');
    try {
      const bytes = Buffer.alloc(length);
      const got = readSync(file, bytes, 0, length, followed.offset);
      followed.offset += got;
      return bytes.toString('utf8', 0, got);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    return ifGone(error, '');
  }
}

/** Workers end, and take their files with them, at any moment. */
function ifGone<T>(error: unknown, value: T): T {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return value;
  throw error;
}
