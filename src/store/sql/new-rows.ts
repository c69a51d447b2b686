import { type Outcome, outcomeOf, type TaskStateCode } from '../../model/index.ts';
import type { Database, SqlValue } from '../driver.ts';

export interface NewCall {
  /** Row id of the app's name. */
  readonly name: number;
  /** Canonical arguments, Futures by their own calls. */
  readonly key: string;
  /** The arguments as stored, or null where the key begins with them. */
  readonly args: string | null;
  readonly blob: string | null;
}

interface NextIds {
  call: number;
  task: number;
}

// Enough that a statement takes many; few enough to be young when they are written.
const MOST_HELD = 256;

/**
 * Calls, tasks and requirements that a transaction adds. Row ids and numbers are counted here, inside the transaction
 * that holds the lock, so that tasks are known before they are written and are written many at once.
 */
export class NewRows {
  readonly #db: Database;
  #ids: NextIds | undefined;
  #firstTask = 0;
  /** The states in which tasks were added, from `#firstTask`. */
  #states: TaskStateCode[] = [];
  /** By row id of the app's name: how many calls it has. */
  readonly #calls = new Map<number, number>();
  #tasks: SqlValue[][] = [];
  #requirements: SqlValue[][] = [];

  constructor(db: Database) {
    this.#db = db;
  }

  /** The row id that the next task gets. */
  get nextTask(): number {
    return this.#next().task;
  }

  /** Adds a call, whose newest task will be `latest`; returns its row id, or undefined where there is such a call. */
  addCall(call: NewCall, latest: number | null): number | undefined {
    const next = this.#next();
    const number = this.#calls.get(call.name) ?? this.#callsOf(call.name);
    const { changes } = this.#db.run(
      `INSERT INTO call (id, name, number, key, args, blob, latest) VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (name, key) DO NOTHING`,
      next.call,
      call.name,
      number,
      call.key,
      call.args,
      call.blob,
      latest,
    );
    if (changes === 0) return undefined;
    this.#calls.set(call.name, number + 1);
    return next.call++;
  }

  /** Adds a task: `values` are those of the columns after the row id, which is returned. */
  addTask(state: TaskStateCode, values: readonly SqlValue[]): number {
    const next = this.#next();
    this.#tasks.push([next.task, state, ...values]);
    this.#states.push(state);
    if (this.#tasks.length >= MOST_HELD) this.#flushTasks();
    return next.task++;
  }

  addRequirement(
    task: number,
    kind: number,
    of: { readonly position: number; readonly requirement: number },
  ): void {
    this.#requirements.push([task, kind, of.position, of.requirement]);
    if (this.#requirements.length >= MOST_HELD) this.#flushRequirements();
  }

  /** What a task that was added here was to those who require it; undefined for all others. */
  outcome(task: number): Outcome | undefined {
    // Below, an array is asked for a property with a negative name, which takes long.
    const state = task < this.#firstTask ? undefined : this.#states[task - this.#firstTask];
    return state === undefined ? undefined : outcomeOf(state);
  }

  /** From now on they may change, and are read from the file. */
  forgetOutcomes(): void {
    this.flush();
    this.#states = [];
    this.#firstTask = this.#ids?.task ?? 0;
  }

  /** Writes what is held back, before anything else looks into the file. */
  flush(): void {
    if (this.#tasks.length > 0) this.#flushTasks();
    if (this.#requirements.length > 0) this.#flushRequirements();
  }

  /** Writes what is left: call once, before COMMIT. */
  finish(): void {
    this.flush();
    for (const [name, calls] of this.#calls) {
      this.#db.run('UPDATE app_name SET calls = ? WHERE id = ?', calls, name);
    }
  }

  #next(): NextIds {
    if (this.#ids !== undefined) return this.#ids;
    // Ids of rows that were removed are not used again, so the largest one there does not do.
    const used = this.#db.get<{ call: number | null; task: number | null }>(
      `SELECT (SELECT seq FROM sqlite_sequence WHERE name = 'call') call,
         (SELECT seq FROM sqlite_sequence WHERE name = 'task') task`,
    );
    this.#ids = { call: (used?.call ?? 0) + 1, task: (used?.task ?? 0) + 1 };
    this.#firstTask = this.#ids.task;
    return this.#ids;
  }

  #flushTasks(): void {
    const rows = this.#tasks;
    this.#tasks = [];
    this.#db.insert(
      'INSERT INTO task (id, state, call, app, lane, unfinished, failed, previous, identity)',
      rows,
    );
  }

  #flushRequirements(): void {
    const rows = this.#requirements;
    this.#requirements = [];
    this.#db.insert('INSERT INTO requires (task, kind, position, requirement)', rows);
  }

  #callsOf(name: number): number {
    return this.#db.get<{ calls: number }>('SELECT calls FROM app_name WHERE id = ?', name)?.calls ?? 0;
  }
}
