import { type SpawnResult, TASK_STATES, TaskState, type TaskStateName } from '../model/index.ts';
import {
  completionCursor,
  countByState,
  countEndedSince,
  countFailedSince,
  countNeeded,
  type CountRow,
  type Database,
  type Store,
} from '../store/index.ts';

/** Counts the tasks that a run is about, and what became of them since it began. */
export class RunCounts {
  readonly #store: Store;
  /** Row ids of the tasks asked for; undefined for the whole queue. */
  readonly #rows: readonly number[] | undefined;
  readonly #cursor: number;
  /** In milliseconds of the monotonic clock. */
  #recountAt = 0;

  constructor(store: Store, rows: readonly number[] | undefined) {
    this.#store = store;
    this.#rows = rows;
    this.#cursor = store.read(completionCursor);
  }

  /** By state; every state is there. */
  byState(): Record<TaskStateName, number> {
    const rows = this.#store.read((db) => this.#rowsByState(db));
    const counts = new Map(rows.map(({ state, count }) => [state, count]));
    const entries = TASK_STATES.map((name) => [name, counts.get(TaskState[name]) ?? 0]);
    return Object.fromEntries(entries) as Record<TaskStateName, number>;
  }

  /** Whether something is pending or running. */
  hasWork(db: Database): boolean {
    return isWork(this.#rowsByState(db));
  }

  /**
   * The same, as it was shortly before where counting takes long: what thousands of Futures need is not counted for more
   * than a tenth of the time.
   */
  mayHaveWork(): boolean {
    const began = performance.now();
    if (began < this.#recountAt) return this.#store.read((db) => isWork(countByState(db)));
    const hasWork = this.#store.read((db) => this.hasWork(db));
    const now = performance.now();
    if (this.#rows !== undefined) this.#recountAt = now + 9 * (now - began);
    return hasWork;
  }

  /** Running tasks of the whole queue. */
  running(): number {
    const rows = this.#store.read((db) => countByState(db));
    return rows.find(({ state }) => state === TaskState.RUNNING)?.count ?? 0;
  }

  /** Tasks that this run is about, ended in it, and stayed so. */
  ended(): Pick<SpawnResult, 'succeeded' | 'failed'> {
    const rows = this.#store.read((db) => countEndedSince(db, this.#cursor, this.#rows));
    const countOf = (wanted: number): number => rows.find(({ state }) => state === wanted)?.count ?? 0;
    return {
      succeeded: countOf(TaskState.SUCCEEDED),
      failed: countOf(TaskState.FAILED) + countOf(TaskState.KILLED),
    };
  }

  /** Tasks that this run is about, that did not succeed in it, and stayed so. */
  failed(): number {
    return this.#store.read((db) => countFailedSince(db, this.#cursor, this.#rows));
  }

  #rowsByState(db: Database): CountRow[] {
    return this.#rows === undefined ? countByState(db) : countNeeded(db, this.#rows);
  }
}

function isWork(rows: readonly CountRow[]): boolean {
  return rows.some(
    ({ state, count }) => count > 0 && (state === TaskState.PENDING || state === TaskState.RUNNING),
  );
}
