import { type LoadedFunction, loadFunction, type SubmitCall } from '../app/index.ts';
import type { ToWorker } from '../queue/index.ts';
import type { Blobs } from '../store/index.ts';
import { versionNote } from './versions.ts';

type ProgramMessage = Extract<ToWorker, { type: 'program' }>;

/** The code that this worker was sent. */
export class Programs {
  readonly #blobs: Blobs;
  readonly #submit: SubmitCall;
  readonly #loading = new Map<number, Promise<LoadedFunction>>();
  readonly #notes = new Map<number, string | null>();

  constructor(blobs: Blobs, submit: SubmitCall) {
    this.#blobs = blobs;
    this.#submit = submit;
  }

  /** Begins to load it. */
  add(message: ProgramMessage): void {
    const loading = this.#load(message);
    this.#loading.set(message.program, loading);
    // Its failure is that of the tasks that need it.
    loading.catch(() => undefined);
  }

  async get(program: number): Promise<LoadedFunction> {
    const loading = this.#loading.get(program);
    if (loading === undefined) throw new Error(`program ${program} was not sent`);
    return await loading;
  }

  /** What is worth knowing of it, in words: versions that differ. */
  noteOf(program: number): string | null {
    return this.#notes.get(program) ?? null;
  }

  async #load({ program, text, blob }: ProgramMessage): Promise<LoadedFunction> {
    const loaded = await loadFunction(
      { text, blobs: this.#blobs.read(blob), key: String(program) },
      this.#submit,
    );
    this.#notes.set(program, versionNote(loaded));
    return loaded;
  }
}
