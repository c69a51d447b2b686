import { isEnded, TaskState, type TaskStateCode } from '../model/index.ts';
import {
  closedError,
  completionCursor,
  completionsSince,
  countByState,
  type Database,
  goneError,
  newestTask,
  stateOf,
  statesOf,
  type Store,
} from '../store/index.ts';

/** A state in which a Future has its answer, for now. `undefined`: the task was removed. */
export type FinalState = TaskStateCode | undefined;

interface Waiter {
  resolve(state: FinalState): void;
  reject(reason: unknown): void;
}

const FALLBACK_MS = 500;
// Up to this many waiting tasks are asked for directly at each wake.
const FEW = 200;

/** True where a Future that waits for a task has its answer. */
export function isAnswer(state: TaskStateCode): boolean {
  return isEnded(state) || state === TaskState.BLOCKED || state === TaskState.SUPERSEDED;
}

/** One watcher for all Futures of a queue that wait, however many. */
export class Completions {
  readonly #store: Store;
  readonly #waiting = new Map<number, Waiter[]>();
  #watch: { close(): void } | undefined;
  #timer: NodeJS.Timeout | undefined;
  #cursor = 0;
  #signature = '';
  #version = -1;
  #isBehind = true;
  #askedAll = -FALLBACK_MS;

  constructor(store: Store) {
    this.#store = store;
  }

  /** The state of a task once it is an answer. Aborting forgets the wait. */
  async wait(row: number, signal?: AbortSignal): Promise<FinalState> {
    this.#start();
    const now = this.#store.readOne((db) => stateOf(db, row));
    if (now === undefined || isAnswer(now)) return now;
    signal?.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<FinalState>();
    const waiter: Waiter = { resolve, reject };
    const waiters = this.#waiting.get(row);
    if (waiters === undefined) this.#waiting.set(row, [waiter]);
    else waiters.push(waiter);
    this.#timer?.ref();
    if (signal === undefined) return await promise;
    const forget = (): void => this.#forget(row, waiter, signal.reason);
    signal.addEventListener('abort', forget, { once: true });
    return await promise.finally(() => signal.removeEventListener('abort', forget));
  }

  #forget(row: number, waiter: Waiter, reason: unknown): void {
    const others = this.#waiting.get(row)?.filter((other) => other !== waiter) ?? [];
    if (others.length === 0) this.#waiting.delete(row);
    else this.#waiting.set(row, others);
    this.#rest();
    waiter.reject(reason);
  }

  /** Those who wait are told that the queue was closed. */
  close(): void {
    this.#rejectAll(closedError(this.#store.path));
  }

  /** Whoever waits asks once more after this: what was committed before is not heard of. */
  #start(): void {
    if (this.#timer !== undefined) return;
    this.#watch = this.#store.watch(() => this.#lookOrReject());
    this.#timer = setInterval(() => {
      if (this.#waiting.size === 0) this.#stop();
      else this.#lookOrReject();
    }, FALLBACK_MS);
    this.#rest();
  }

  /** Nobody may wait: who does next finds the watcher there, for a while, but no process stays for it. */
  #rest(): void {
    if (this.#waiting.size === 0) this.#timer?.unref();
  }

  #stop(): void {
    this.#watch?.close();
    clearInterval(this.#timer);
    this.#watch = undefined;
    this.#timer = undefined;
  }

  #lookOrReject(): void {
    try {
      if (!this.#store.isCurrent) throw goneError(this.#store.path);
      this.#look();
    } catch (error) {
      this.#rejectAll(error);
    }
  }

  #look(): void {
    if (this.#waiting.size <= FEW) {
      this.#isBehind = true;
      this.#ask([...this.#waiting.keys()]);
      return;
    }
    if (this.#isBehind) this.#catchUp();
    const version = this.#store.dataVersion();
    const { completions, signature } = this.#store.read((db) => ({
      completions: completionsSince(db, this.#cursor),
      signature: signatureOf(db),
    }));
    const hasOthers = signature !== this.#signature;
    if (version === this.#version && completions.length === 0 && !hasOthers) return;
    this.#cursor = completions.at(-1)?.id ?? this.#cursor;
    this.#version = version;
    // To ask for a hundred thousand takes a tenth of a second, and each failure may block some of them.
    const now = performance.now();
    const asksAll = hasOthers && now - this.#askedAll >= FALLBACK_MS;
    if (asksAll) {
      this.#askedAll = now;
      this.#signature = signature;
    }
    this.#ask([...(asksAll ? this.#waiting.keys() : new Set(completions.map(({ task }) => task)))]);
  }

  /** While few waited nobody followed the completions: all are asked for once. */
  #catchUp(): void {
    this.#isBehind = false;
    this.#cursor = this.#store.read(completionCursor);
    this.#version = -1;
    this.#signature = '';
    this.#askedAll = -FALLBACK_MS;
  }

  #ask(rows: readonly number[]): void {
    const asked = rows.filter((row) => this.#waiting.has(row));
    const states = new Map(
      this.#store.read((db) => statesOf(db, asked)).map(({ id, state }) => [id, state] as const),
    );
    for (const row of asked) {
      const state = states.get(row);
      if (state !== undefined && !isAnswer(state)) continue;
      const waiters = this.#waiting.get(row) ?? [];
      this.#waiting.delete(row);
      for (const { resolve } of waiters) resolve(state);
    }
    this.#rest();
  }

  #rejectAll(reason: unknown): void {
    this.#stop();
    const waiters = [...this.#waiting.values()].flat();
    this.#waiting.clear();
    for (const { reject } of waiters) reject(reason);
  }
}

/** Changes with what makes an answer and leaves no ended attempt: blocked, superseded and removed tasks. */
function signatureOf(db: Database): string {
  const counts = countByState(db);
  const count = (code: number) => counts.find(({ state }) => state === code)?.count ?? 0;
  const total = counts.reduce((sum, one) => sum + one.count, 0);
  const removed = newestTask(db) - total;
  return [removed, count(TaskState.BLOCKED), count(TaskState.SUPERSEDED)].join();
}
