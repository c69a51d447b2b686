import { inspect } from 'node:util';
import { portableValues, reviveAppValue } from '../app/index.ts';
import type { RunningTask } from '../context/index.ts';
import { type QueueHost, type Recipe, type RunRequest, taskQueueHost } from '../queue/index.ts';
import { PipeError } from '../errors.ts';
import { decodeValue, encodeValue, type RegisteredClass } from '../serialization/index.ts';
import { checkpointOf } from '../store/index.ts';
import { SecretValues } from '../util/index.ts';

/** What a task sees as `context`, and how the worker ends it. */
export class OwnContext implements RunningTask {
  readonly #run: RunRequest;
  readonly #recipe: Recipe;
  readonly #onListening: () => void;
  readonly #begun = performance.now();
  #controller: AbortController | undefined;
  #classes: readonly RegisteredClass[] = [];
  #isOver = false;

  /** `onListening` is called when the task asks for its signal: it may want to finish by itself. */
  constructor(run: RunRequest, recipe: Recipe, onListening: () => void) {
    this.#run = run;
    this.#recipe = recipe;
    this.#onListening = onListening;
  }

  get row(): number {
    return this.#run.task;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  get task(): RunningTask['task'] {
    const { id, index } = this.#run;
    return { id, name: this.#recipe.name, index };
  }

  get attempt(): number {
    return this.#run.attempt;
  }

  get signal(): AbortSignal {
    if (!this.#isOver) this.#onListening();
    return this.#aborting.signal;
  }

  remainingSeconds(): number {
    const { timeoutSeconds } = this.#recipe;
    if (timeoutSeconds === null) return Infinity;
    return Math.max(0, timeoutSeconds - (performance.now() - this.#begun) / 1000);
  }

  async checkpoint(value: unknown): Promise<void> {
    const trail = `${this.#recipe.name} → checkpoint`;
    const { text, blobs } = encodeValue(value, { trail, ...portableValues });
    const secret = SecretValues.of(process.env).nameIn(text);
    if (secret !== undefined) {
      throw new PipeError(
        'SECRET_REFUSED',
        `${trail}: the value of the environment variable ${secret} would be stored in the queue. Leave it out.`,
      );
    }
    const { store } = host();
    const blob = store.blobs.write(blobs);
    await store.write((tx) =>
      tx.db.run('INSERT OR REPLACE INTO checkpoint VALUES (?, ?, ?)', this.row, text, blob),
    );
  }

  restored(): unknown {
    const { store } = host();
    const found = store.read((db) => checkpointOf(db, this.row));
    if (found === undefined) return undefined;
    return decodeValue(found.text, {
      blobs: store.blobs.read(found.blob),
      revive: reviveAppValue,
      classes: (known) => this.#classes.find(({ how }) => how.name === known)?.how,
    });
  }

  log(...values: readonly unknown[]): void {
    const words = values.map((value) => (typeof value === 'string' ? value : inspect(value)));
    process.stderr.write(`${words.join(' ')}\n`);
  }

  /** The classes that the task's function knows. */
  knows(classes: readonly RegisteredClass[]): void {
    this.#classes = classes;
  }

  abort(reason: string): void {
    this.#aborting.abort(new Error(reason));
  }

  /** The attempt has ended. */
  end(): void {
    this.#isOver = true;
  }

  get #aborting(): AbortController {
    this.#controller ??= new AbortController();
    return this.#controller;
  }
}

function host(): QueueHost {
  const found = taskQueueHost();
  if (found === undefined) throw new Error('a worker without a queue');
  return found;
}
