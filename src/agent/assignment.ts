import type { LaneOptions } from '../app/index.ts';
import { PipeError } from '../errors.ts';
import { storedArguments, type StoredValue } from '../queue/index.ts';
import {
  appRow,
  type ClaimedTask,
  type LaneRow,
  programRow,
  type Store,
  storedObject,
} from '../store/index.ts';

/** What the tasks of one app in one lane share. */
export interface Workload {
  readonly lane: number;
  /** Row id. */
  readonly app: number;
  /** Name of the app. */
  readonly name: string;
  readonly kind: string;
  /** Row id of the code. */
  readonly program: number;
  readonly taskManager: number;
  readonly cwd: string;
  readonly options: LaneOptions;
}

/** A claimed task, with all that a worker needs for it. */
export interface Assignment {
  /** Row id. */
  readonly task: number;
  readonly attempt: number;
  /** Hex digits. */
  readonly id: string;
  readonly index: number;
  readonly args: StoredValue;
  readonly workload: Workload;
  /** Its worker runs nothing beside it: it may have taken others with it. */
  readonly alone: boolean;
  /** GPUs it may use, set when it starts. */
  gpus: readonly string[];
  /** In milliseconds of the monotonic clock, set when it starts. */
  startedAt: number;
}

/** What became of claimed tasks: some have rows that cannot be read. */
export interface Made {
  readonly assignments: readonly Assignment[];
  readonly unreadable: readonly { readonly task: ClaimedTask; readonly error: unknown }[];
}

/** Makes assignments of claimed tasks; what many share is read once. */
export class Assignments {
  readonly #store: Store;
  readonly #workloads = new Map<string, Workload>();
  /** Those that were looked up for the tasks at hand. */
  readonly #fresh = new Set<Workload>();
  #version: number | undefined;

  constructor(store: Store) {
    this.#store = store;
  }

  /**
   * For tasks that were claimed together, in the transaction of the claim; `version` is that of what other processes
   * have written: only they change what workloads are made of.
   */
  make(tasks: readonly ClaimedTask[], version: number | undefined): Made {
    if (version !== this.#version) this.#fresh.clear();
    this.#version = version;
    const assignments: Assignment[] = [];
    const unreadable: { readonly task: ClaimedTask; readonly error: unknown }[] = [];
    for (const task of tasks) {
      try {
        assignments.push(this.#makeOne(task));
      } catch (error) {
        unreadable.push({ task, error });
      }
    }
    return { assignments, unreadable };
  }

  #makeOne(task: ClaimedTask): Assignment {
    const { id, attempts, identity, number, alone } = task;
    return {
      task: id,
      attempt: attempts,
      id: identity,
      index: number,
      args: storedArguments(this.#store, task),
      workload: this.#workloadOf(task),
      alone: alone === 1,
      gpus: [],
      startedAt: 0,
    };
  }

  /** The code of an app is the newest of its identity, which may have become another one since. */
  #workloadOf({ lane, app }: ClaimedTask): Workload {
    const key = `${lane} ${app}`;
    const known = this.#workloads.get(key);
    if (known !== undefined && this.#fresh.has(known)) return known;
    const read = this.#read(lane, app);
    const workload = known?.program === read.program ? known : read;
    this.#workloads.set(key, workload);
    this.#fresh.add(workload);
    return workload;
  }

  #read(lane: number, app: number): Workload {
    const rows = this.#store.read((db) => ({
      app: appRow(db, app),
      lane: db.get<LaneRow>('SELECT * FROM lane WHERE id = ?', lane),
    }));
    if (rows.app === undefined || rows.lane === undefined)
      throw new Error(`the rows of app ${app} in lane ${lane} are incomplete`);
    const { name, kind, program } = rows.app;
    return {
      lane,
      app,
      name,
      kind,
      program,
      taskManager: rows.lane.task_manager,
      cwd: rows.lane.cwd,
      options: storedObject<LaneOptions>(rows.lane.options),
    };
  }
}

/** Code as it travels to workers. */
export function readProgram(
  store: Store,
  id: number,
): { readonly text: string; readonly blob: string | null } {
  const program = store.read((db) => programRow(db, id));
  if (program !== undefined) return program;
  throw new PipeError('TASK_NOT_FOUND', `The code of a task is gone from the queue ${store.path}.`);
}
