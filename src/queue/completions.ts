import { isEnded, TaskState, type TaskStateCode } from '../model/index.ts';
import { completionCursor, completionsSince, countByState, statesOf, type Store } from '../store/index.ts';

/** A state in which a Future has its answer, for now. `undefined`: the task was removed. */
export type FinalState = TaskStateCode | undefined;

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
  readonly #waiting = new Map<number, Set<(state: FinalState) => void>>();
  #watch: { close(): void } | undefined;
  #timer: NodeJS.Timeout | undefined;
  #cursor = 0;
  #signature = '';
  #version = -1;

  constructor(store: Store) {
    this.#store = store;
  }

  /** The state of a task once it is an answer. Aborting forgets the wait. */
  async wait(row: number, signal?: AbortSignal): Promise<FinalState> {
    const now = this.#store.read((db) => statesOf(db, [row]))[0]?.state;
    if (now === undefined || isAnswer(now)) return now;
    signal?.throwIfAborted();
    return await new Promise<FinalState>((resolve, reject) => {
      const waiters = this.#waiting.get(row) ?? new Set();
      this.#waiting.set(row, waiters);
      const forget = (): void => {
        waiters.delete(answer);
        if (waiters.size === 0 && this.#waiting.get(row) === waiters) this.#waiting.delete(row);
        if (this.#waiting.size === 0) this.#stop();
        reject(signal?.reason);
      };
      const answer = (state: FinalState): void => {
        signal?.removeEventListener('abort', forget);
        resolve(state);
      };
      waiters.add(answer);
      signal?.addEventListener('abort', forget, { once: true });
      this.#start();
    });
  }

  close(): void {
    this.#stop();
    this.#waiting.clear();
  }

  #start(): void {
    if (this.#timer !== undefined) return;
    this.#cursor = this.#store.read(completionCursor);
    this.#version = -1;
    this.#signature = '';
    this.#watch = this.#store.watch(() => this.#look());
    this.#timer = setInterval(() => this.#look(), FALLBACK_MS);
    this.#askAll();
  }

  #stop(): void {
    this.#watch?.close();
    clearInterval(this.#timer);
    this.#watch = undefined;
    this.#timer = undefined;
  }

  #look(): void {
    if (!this.#store.isOpen) {
      this.close();
      return;
    }
    const version = this.#store.dataVersion();
    const { completions, signature } = this.#store.read((db) => ({
      completions: completionsSince(db, this.#cursor),
      signature: countByState(db)
        .filter(({ state }) => state !== TaskState.RUNNING && state !== TaskState.PENDING)
        .map(({ state, count }) => `${state} ${count}`)
        .join(),
    }));
    this.#cursor = completions.at(-1)?.id ?? this.#cursor;
    const others = signature !== this.#signature;
    if (version === this.#version && completions.length === 0 && !others) return;
    this.#version = version;
    this.#signature = signature;
    if (this.#waiting.size <= FEW) this.#askAll();
    else
      this.#ask([...new Set(completions.map(({ task }) => task))].filter((task) => this.#waiting.has(task)));
    if (others && this.#waiting.size > FEW && completions.length === 0) this.#askAll();
  }

  #askAll(): void {
    this.#ask([...this.#waiting.keys()]);
  }

  #ask(rows: readonly number[]): void {
    const states = new Map(
      this.#store.read((db) => statesOf(db, rows)).map(({ id, state }) => [id, state] as const),
    );
    for (const row of rows) {
      const state = states.get(row);
      if (state !== undefined && !isAnswer(state)) continue;
      const waiters = this.#waiting.get(row);
      this.#waiting.delete(row);
      for (const answer of waiters ?? []) answer(state);
    }
    if (this.#waiting.size === 0) this.#stop();
  }
}
