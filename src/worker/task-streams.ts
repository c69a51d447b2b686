import { closeSync, fstatSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { noteBytes, notePosition, readOutputRange } from '../queue/index.ts';
import type { StoredText } from '../store/index.ts';

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

  constructor(folder: string, number: number) {
    this.#out = join(folder, `${number}.out`);
    this.#err = join(folder, `${number}.err`);
    this.#note = openSync(join(folder, `${number}.note`), 'w', 0o600);
  }

  /**
   * Notes that a slot is on a task; returns what gives its output when it has ended, uncut
   * where standard output is the result.
   */
  begin(slot: number, task: number, attempt: number): (isResult: boolean) => TaskOutput {
    const outOffset = fstatSync(1).size;
    const errOffset = fstatSync(2).size;
    this.#write(slot, noteBytes({ task, attempt, outOffset, errOffset }));
    return (isResult) => ({
      out: readOutputRange(this.#out, { from: outOffset, to: fstatSync(1).size, whole: isResult }),
      err: readOutputRange(this.#err, { from: errOffset, to: fstatSync(2).size }),
    });
  }

  /** Notes that a slot is free; with no other task under way large files are emptied. */
  end(slot: number, isAlone: boolean): void {
    this.#write(slot, noteBytes(undefined));
    if (!isAlone) return;
    for (const descriptor of [1, 2]) {
      if (fstatSync(descriptor).size > EMPTY_ABOVE) ftruncateSync(descriptor, 0);
    }
  }

  close(): void {
    closeSync(this.#note);
  }

  #write(slot: number, bytes: Uint8Array): void {
    writeSync(this.#note, bytes, 0, bytes.byteLength, notePosition(slot));
  }
}
