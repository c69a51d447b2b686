import { decodeWithFunctions, FUTURE } from '../app/index.ts';
import { PipeError } from '../errors.ts';
import { stateName, TaskState, type TaskStateName } from '../model/index.ts';
import { decodeValue, isPlainText } from '../serialization/index.ts';
import { parseOptions } from '../util/index.ts';
import * as v from 'valibot';
import { answerOf, selectTasks, type Store } from '../store/index.ts';
import { isAnswer } from './completions.ts';
import type { FutureHost } from './future-host.ts';
import { identityBytes, type PlacedTask } from './call-identity.ts';
import type { Submission } from './submission.ts';
import type { Task } from './task.ts';
import { readOutput } from './task-output.ts';
import { decodeStored, type StoredValue, storedResult } from './task-values.ts';
import { taskErrorOf, taskId } from './why-failed.ts';

const resultSchema = v.strictObject({
  timeout: v.optional(v.pipe(v.number('seconds'), v.minValue(0, 'seconds, 0 or more'))),
});

// Node takes 32 bits; longer is as good as none.
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** A handle on the result of a task. It is no promise: pass it to another app, or ask for `result()`. */
export class Future<out T = unknown> {
  readonly [FUTURE] = true as const;
  readonly #host: FutureHost;
  readonly #submission: Submission;

  /** Futures come from calls of apps; users do not make them. */
  constructor(host: FutureHost, submission: Submission) {
    this.#host = host;
    this.#submission = submission;
  }

  /** Id of the task, 16 hex digits: equal calls of equal code have equal ids. */
  get id(): string {
    return taskId(identityBytes(this.#placed.identity));
  }

  /** Row id and call of the task in its queue's file, for the other rooms. */
  get #placed(): PlacedTask {
    return this.#host.submitter.place(this.#submission);
  }

  /** Where a Future's task stands, if it belongs to this queue. */
  static placeOf(future: Future, host: FutureHost): Submission | undefined {
    return future.#host === host ? future.#submission : undefined;
  }

  /** Row id of the task of a Future. */
  static rowOf(future: Future): number {
    return future.#placed.row;
  }

  /** The queue a Future belongs to. */
  static hostOf(future: Future): FutureHost {
    return future.#host;
  }

  /**
   * The result, once the task has succeeded. `timeout` in seconds, default none; then it rejects with
   * `RESULT_TIMEOUT`. Rejects with a `TaskError` when the task failed, was killed or is blocked.
   */
  async result(options?: { readonly timeout?: number }): Promise<T> {
    const timeout = options && parseOptions(resultSchema, options, 'result').timeout;
    const { row } = this.#placed;
    for (;;) {
      const outcome = outcomeOfTask(this.#host.store, row);
      if (outcome === undefined) await this.#answer(row, timeout);
      else if ('error' in outcome) throw outcome.error;
      // The type was decided where the app was declared.
      else return (await this.#decoded(outcome.stored)) as T;
    }
  }

  #decoded(stored: StoredValue | undefined): unknown {
    if (stored === undefined) return undefined;
    if (stored.futures.length === 0 && isPlainText(stored.text)) return decodeValue(stored.text);
    const { store } = this.#host;
    return decodeWithFunctions((how) => decodeStored(stored, (name) => store.blobs.read(name), how), {
      submit: (call) => this.#host.submit(call),
    });
  }

  /** Standard output of the task, once it has ended; never rejects because the task failed. */
  async out(): Promise<string> {
    return await this.#output(1);
  }

  /** Standard error of the task, once it has ended; never rejects because the task failed. */
  async err(): Promise<string> {
    return await this.#output(2);
  }

  /** The state of the task now. */
  async state(): Promise<TaskStateName> {
    return (await this.task()).state;
  }

  /** The task. Throws `TASK_NOT_FOUND` where it was removed. */
  async task(): Promise<Task> {
    return this.#host.taskAt(this.#placed.row);
  }

  async #output(stream: 1 | 2): Promise<string> {
    const { row } = this.#placed;
    await this.#answer(row);
    return readOutput(this.#host.store, row, stream);
  }

  async #answer(row: number, timeout?: number): Promise<void> {
    if (timeout === undefined || timeout * 1000 > LONGEST_TIMER_MS) {
      await this.#host.wait(row);
      return;
    }
    const stop = new AbortController();
    const end = setTimeout(() => stop.abort(timeoutError(this.id, timeout)), timeout * 1000);
    try {
      await this.#host.wait(row, stop.signal);
    } finally {
      clearTimeout(end);
    }
  }

  /** Throws: a Future is not its result. */
  toString(): never {
    throw usedAsValue('a text');
  }

  /** Throws: a Future is not its result. */
  toJSON(): never {
    throw usedAsValue('JSON');
  }

  /** Throws: a Future is not its result. */
  [Symbol.toPrimitive](hint: string): never {
    throw usedAsValue(HINTS[hint] ?? 'a plain value');
  }

  /** In a REPL a Future shows its task and state. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    const { row } = this.#placed;
    if (!this.#host.store.isOpen) return `Future ${this.id}`;
    const [task] = this.#host.store.read((db) => selectTasks(db, { rows: [row] }));
    return task === undefined
      ? `Future ${this.id} (removed)`
      : `Future ${task.name} ${this.id} ${stateName(task.state)}`;
  }
}

/** What became of a task; undefined where it is to run, or to run again. */
function outcomeOfTask(
  store: Store,
  row: number,
): { readonly stored: StoredValue | undefined } | { readonly error: unknown } | undefined {
  const answer = store.readOne((db) => answerOf(db, row));
  if (answer !== undefined && !isAnswer(answer.state)) return undefined;
  if (answer?.state !== TaskState.SUCCEEDED) return { error: taskErrorOf(store, row) };
  if (answer.handed === 1) return { stored: storedResult(store, row) };
  const { text, blob } = answer;
  return { stored: text === null ? undefined : { text, blob, futures: [] } };
}

const HINTS: Readonly<Record<string, string>> = { string: 'a text', number: 'a number' };

function usedAsValue(as: string): PipeError {
  return new PipeError(
    'FUTURE_AS_VALUE',
    `A Future was used as ${as}. Await its .result() first, or pass it to another app.`,
  );
}

function timeoutError(id: string, seconds: number): PipeError {
  return new PipeError(
    'RESULT_TIMEOUT',
    `Task ${id} had no result after ${seconds} s. Is a manager running? See: await spawn(queue).`,
  );
}
