import { closeSync, fstatSync, ftruncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import {
  emptyNote,
  noteCapacity,
  noteEntry,
  readFloor,
  readOutputRange,
  type RunRequest,
} from '../queue/index.ts';
import type { StoredText } from '../store/index.ts';
import { openOwnFile, retryWhileDiskFull, SecretValues } from '../util/index.ts';
import { coverSecrets } from './cover-secrets.ts';

// Beyond this size the output files are emptied between tasks.
const EMPTY_ABOVE = 8 * 1024 * 1024;

export interface TaskOutput {
  readonly out: StoredText | null;
  readonly err: StoredText | null;
}

/**
 * What a task that runs alone in its worker writes, taken at the file descriptors 1 and 2, so that also native code and
 * child processes are caught. The agent opened them as files; a task's output is what they grew by.
 */
export class TaskStreams {
  readonly #out: string;
  readonly #err: string;
  readonly #secrets = SecretValues.of(process.env);
  readonly #note: number;
  readonly #capacity: number;
  /** How long the files were when the last task ended, where nothing else has run since. */
  #ends: { readonly out: number; readonly err: number } | undefined;
  /** Where in the note the tasks under way stand: a long one stays there however many others come and go. */
  readonly #places = new Map<number, number>();

  constructor(folder: string, number: number, slots: number) {
    this.#out = join(folder, `${number}.out`);
    this.#err = join(folder, `${number}.err`);
    this.#capacity = noteCapacity(slots);
    this.#note = retryWhileDiskFull(() => makeNote(join(folder, `${number}.note`), this.#capacity));
  }

  /**
   * Notes that a task begins; returns what gives its output when it has ended, or undefined where the agent has taken
   * the task back: it is not to begin.
   */
  begin({
    order,
    task,
    attempt,
  }: Pick<RunRequest, 'order' | 'task' | 'attempt'>): (() => TaskOutput) | undefined {
    const { out, err } = this.#ends ?? sizes();
    const record = { sequence: order, task, attempt, outOffset: out, errOffset: err };
    const { bytes, position } = noteEntry(record, this.#placeFor(order, task));
    writeSync(this.#note, bytes, 0, bytes.byteLength, position);
    if (order <= readFloor(this.#note)) {
      this.#places.delete(task);
      return undefined;
    }
    return () => {
      this.#ends = sizes();
      const ranges = { out: { from: out, to: this.#ends.out }, err: { from: err, to: this.#ends.err } };
      const output = {
        out: readOutputRange(this.#out, ranges.out),
        err: readOutputRange(this.#err, ranges.err),
      };
      coverSecrets(this.#out, ranges.out, this.#secrets);
      coverSecrets(this.#err, ranges.err, this.#secrets);
      return output;
    };
  }

  /** Other code than that of tasks may have run: what was written by now is not the next one's. */
  turn(): void {
    this.#ends = undefined;
  }

  /** Returns what gives all that was written to standard output since. */
  mark(): () => string {
    const from = fstatSync(1).size;
    return () => readOutputRange(this.#out, { from, to: fstatSync(1).size, whole: true })?.text ?? '';
  }

  /** A task is over: its place in the note may be another's. */
  end(task: number): void {
    this.#places.delete(task);
  }

  #placeFor(order: number, task: number): number {
    let place = order % this.#capacity;
    if (this.#places.size === 0) {
      this.#places.set(task, place);
      return place;
    }
    const taken = new Set(this.#places.values());
    while (taken.has(place)) place = (place + 1) % this.#capacity;
    this.#places.set(task, place);
    return place;
  }

  /** With no task under way large files are emptied, and with them the note, whose offsets are void then. */
  rest(): void {
    const { out, err } = this.#ends ?? sizes();
    if (Math.max(out, err) <= EMPTY_ABOVE) return;
    for (const descriptor of [1, 2]) ftruncateSync(descriptor, 0);
    this.#ends = undefined;
    clearNote(this.#note, this.#capacity);
  }
}

function sizes(): { readonly out: number; readonly err: number } {
  return { out: fstatSync(1).size, err: fstatSync(2).size };
}

/** As large as it ever gets, so that a task can be noted on a disk that is full by then. */
function makeNote(path: string, capacity: number): number {
  const file = openOwnFile(path, 'w+');
  try {
    clearNote(file, capacity);
    return file;
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

function clearNote(file: number, capacity: number): void {
  const { bytes, position } = emptyNote(capacity);
  writeSync(file, bytes, 0, bytes.byteLength, position);
}
