import { closeSync, fstatSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { noteCapacity, noteEntry, noteSize, readOutputRange } from '../queue/index.ts';
import type { StoredText } from '../store/index.ts';
import { retryWhileDiskFull } from '../util/index.ts';

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
  readonly #note: number;
  readonly #capacity: number;
  #count = 0;
  /** Where in the note the tasks under way stand: a long one stays there however many others come and go. */
  readonly #places = new Map<number, number>();

  constructor(folder: string, number: number, slots: number) {
    this.#out = join(folder, `${number}.out`);
    this.#err = join(folder, `${number}.err`);
    this.#capacity = noteCapacity(slots);
    this.#note = retryWhileDiskFull(() => makeNote(join(folder, `${number}.note`), this.#capacity));
  }

  /** Notes that a task begins; returns what gives its output when it has ended. */
  begin(task: number, attempt: number): () => TaskOutput {
    const outOffset = fstatSync(1).size;
    const errOffset = fstatSync(2).size;
    const record = { sequence: ++this.#count, task, attempt, outOffset, errOffset };
    const { bytes, position } = noteEntry(record, this.#placeFor(task));
    writeSync(this.#note, bytes, 0, bytes.byteLength, position);
    return () => ({
      out: readOutputRange(this.#out, { from: outOffset, to: fstatSync(1).size }),
      err: readOutputRange(this.#err, { from: errOffset, to: fstatSync(2).size }),
    });
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

  #placeFor(task: number): number {
    const taken = new Set(this.#places.values());
    let place = this.#count % this.#capacity;
    while (taken.has(place)) place = (place + 1) % this.#capacity;
    this.#places.set(task, place);
    return place;
  }

  /** With no task under way large files are emptied, and with them the note, whose offsets are void then. */
  rest(): void {
    if (Math.max(fstatSync(1).size, fstatSync(2).size) <= EMPTY_ABOVE) return;
    for (const descriptor of [1, 2]) ftruncateSync(descriptor, 0);
    clearNote(this.#note, this.#capacity);
  }
}

/** As large as it ever gets, so that a task can be noted on a disk that is full by then. */
function makeNote(path: string, capacity: number): number {
  const file = openSync(path, 'w', 0o600);
  try {
    clearNote(file, capacity);
    return file;
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

function clearNote(file: number, capacity: number): void {
  writeSync(file, Buffer.alloc(noteSize(capacity)), 0, noteSize(capacity), 0);
}
