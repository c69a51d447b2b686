import { type SpawnResult, TASK_STATES, TaskState, type TaskStateName } from '../model/index.ts';
import {
  completionCursor,
  countByState,
  countEndedSince,
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
    return this.#rowsByState(db).some(
      ({ state, count }) => count > 0 && (state === TaskState.PENDING || state === TaskState.RUNNING),
    );
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

  #rowsByState(db: Database): CountRow[] {
    return this.#rows === undefined ? countByState(db) : countNeeded(db, this.#rows);
  }
}
