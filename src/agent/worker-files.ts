import { closeSync, existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type NoteRecord, readNote, readOutputRange, writeFloor } from '../queue/index.ts';
import type { StoredText } from '../store/index.ts';
import { fileEnd, lastLines, makeQueueFolder, openOwnFile } from '../util/index.ts';
import { trimOutput } from './trim-output.ts';

const ENDINGS = ['out', 'err', 'note', 'process'] as const;

/** The files of a worker: what it prints, and which tasks it began. */
export class WorkerFiles {
  readonly #folder: string;
  readonly #number: number;

  constructor(folder: string, number: number) {
    this.#folder = folder;
    this.#number = number;
    makeQueueFolder(dirname(folder));
    makeQueueFolder(folder);
  }

  /** Opens those that it prints to; whoever does so closes them. */
  openOutputs(): { readonly out: number; readonly err: number; close(): void } {
    const out = openOwnFile(this.#path('out'), 'a');
    const err = openOwnFile(this.#path('err'), 'a');
    return {
      out,
      err,
      close: () => {
        closeSync(out);
        closeSync(err);
      },
    };
  }

  /** Takes the orders up to this one back, where they have not begun; returns the last that has, see `worker-note.ts`. */
  takeBack(order: number): number {
    const file = openOwnFile(this.#path('note'), 'r+');
    try {
      writeFloor(file, order);
    } finally {
      closeSync(file);
    }
    return Math.max(0, ...this.#note().map(({ sequence }) => sequence));
  }

  /** Keeps what its tasks write from filling the disk. */
  trimOutput(isResult: boolean): void {
    trimOutput(this.#path('out'), { isResult });
    trimOutput(this.#path('err'), { isResult: false });
  }

  /** What a task that the worker died on had written. */
  outputOf(task: number): { readonly out: StoredText | null; readonly err: StoredText | null } {
    const note = existsSync(this.#path('note'))
      ? this.#note().findLast((record) => record.task === task)
      : undefined;
    if (note === undefined) return { out: null, err: null };
    const read = (ending: 'out' | 'err', from: number): StoredText | null =>
      readOutputRange(this.#path(ending), { from, to: statSync(this.#path(ending)).size });
    return { out: read('out', note.outOffset), err: read('err', note.errOffset) };
  }

  lastWords(): string {
    return lastLines(fileEnd(this.#path('err')), 3);
  }

  remove(): void {
    for (const ending of ENDINGS) rmSync(this.#path(ending), { force: true });
  }

  #note(): readonly NoteRecord[] {
    return readNote(readFileSync(this.#path('note')));
  }

  #path(ending: (typeof ENDINGS)[number]): string {
    return join(this.#folder, `${this.#number}.${ending}`);
  }
}
