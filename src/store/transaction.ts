import {
  eligibleState,
  nextState,
  type Outcome,
  outcomeOf,
  TaskState,
  type TaskStateCode,
  type TransitionName,
} from '../model/index.ts';
import type { Database, SqlValue } from './driver.ts';
import { NewRows } from './sql/new-rows.ts';

/** How a task needs another. The numbers are what the queue file holds. */
export const RequirementKind = { ARGUMENT: 0, AFTER: 1, SETTLED: 2, RETURNED: 3 } as const;
export type RequirementKindCode = (typeof RequirementKind)[keyof typeof RequirementKind];

/** The part of a task's row that state changes read and write. */
export interface TaskCore {
  readonly id: number;
  readonly app: number;
  readonly lane: number;
  readonly state: TaskStateCode;
  readonly unfinished: number;
  readonly failed: number;
  readonly attempts: number;
  readonly handed: number;
  readonly agent: number | null;
}

/** The columns of a `TaskCore`. */
export const CORE = 'id, app, lane, state, unfinished, failed, attempts, handed, agent';

const CORE_OF_TASK = CORE.replaceAll(/\w+/g, 'task.$&');

/** Tasks whose outcome changed alike. */
interface OutcomeChange {
  readonly from: Outcome;
  readonly to: Outcome;
  readonly ids: number[];
}

/** A task that requires some of these, with how many of them. */
interface Dependent extends TaskCore {
  readonly plain: number;
  readonly settled: number;
}

/**
 * An open transaction. Every change of state goes through `change`, `enter` or `leave`: they follow the table of
 * transitions, keep the tally, and at the end carry outcomes on to the tasks that depend on them.
 */
export class Transaction {
  /** Calls and tasks that are added. */
  readonly rows: NewRows;
  readonly #db: Database;
  readonly #tally = new Map<string, { app: number; lane: number; state: TaskStateCode; count: number }>();
  #outcomes = new Map<string, OutcomeChange>();
  /** What the outcomes of tasks were that dependents are yet to learn about. */
  readonly #before = new Map<number, Outcome>();
  /** Outcomes that were read for `carriedOutcome`: it stays what it is until `carry`. */
  readonly #read = new Map<number, Outcome>();

  constructor(db: Database) {
    this.#db = db;
    this.rows = new NewRows(db);
  }

  /** For statements: what was added is in the file then. */
  get db(): Database {
    this.rows.flush();
    return this.#db;
  }

  core(id: number): TaskCore | undefined {
    return this.db.get<TaskCore>(`SELECT ${CORE} FROM task WHERE id = ?`, id);
  }

  /**
   * Applies a transition to a task; returns the new state, or undefined where the table refuses. One that is PENDING
   * then is not claimed before `waitMs` are over.
   */
  change(
    transition: TransitionName,
    task: TaskCore,
    waitMs: number | null = null,
  ): TaskStateCode | undefined {
    const to = nextState(transition, task.state, task);
    if (to === undefined) return undefined;
    const agent = to === TaskState.RUNNING || to === TaskState.UNKNOWN ? task.agent : null;
    const wait = to === TaskState.PENDING ? waitMs : null;
    // Only a PENDING task waits out a delay; to leave the columns of the others alone is quicker.
    if (wait === null && task.state !== TaskState.PENDING)
      this.db.run('UPDATE task SET state = ?, agent = ? WHERE id = ?', to, agent, task.id);
    else this.#changeWait(task.id, { state: to, agent, wait });
    this.changed(task, to);
    return to;
  }

  #changeWait(
    id: number,
    {
      state,
      agent,
      wait,
    }: { readonly state: TaskStateCode; readonly agent: number | null; readonly wait: number | null },
  ): void {
    const due = wait === null ? null : Date.now() + wait;
    this.db.run(
      'UPDATE task SET state = ?, agent = ?, due = ?, wait = ? WHERE id = ?',
      state,
      agent,
      due,
      wait,
      id,
    );
  }

  /** Notes that a task's row now holds state `to`. */
  changed(task: Pick<TaskCore, 'id' | 'app' | 'lane' | 'state'>, to: TaskStateCode): void {
    this.changedAlike([task.id], { ...task, to });
  }

  /** Notes that the rows of tasks of one app and lane now hold state `to`. */
  changedAlike(
    ids: readonly number[],
    { app, lane, state, to }: Pick<TaskCore, 'app' | 'lane' | 'state'> & { readonly to: TaskStateCode },
  ): void {
    if (state === to) return;
    this.count(app, lane, state, -ids.length);
    this.count(app, lane, to, ids.length);
    this.ended(ids, state, to);
  }

  /** Notes what became of tasks that are counted apart. */
  ended(ids: readonly number[], from: TaskStateCode, to: TaskStateCode): void {
    this.#note(ids, outcomeOf(from), outcomeOf(to));
  }

  /** Notes that a task is taken out of the queue: what requires it has no hope. */
  removed(task: Pick<TaskCore, 'id' | 'app' | 'lane' | 'state'>): void {
    this.count(task.app, task.lane, task.state, -1);
    this.#note([task.id], outcomeOf(task.state), outcomeOf(undefined));
  }

  /**
   * The outcome of a task as its dependents' counters hold it until `carry`: whoever counts requirements afresh in
   * this transaction counts by it, since a change is carried to all that are there then.
   */
  carriedOutcome(id: number): Outcome {
    const known = this.#before.get(id) ?? this.rows.outcome(id) ?? this.#read.get(id);
    if (known !== undefined) return known;
    this.readOutcomes([id]);
    return this.#read.get(id) ?? outcomeOf(undefined);
  }

  /** Reads what `carriedOutcome` is to be asked for, in one statement. */
  readOutcomes(ids: readonly number[]): void {
    const wanted = ids.filter((id) => this.rows.outcome(id) === undefined && !this.#read.has(id));
    if (wanted.length === 0) return;
    const rows = this.#db.all<{ id: number; state: TaskStateCode }>(
      'SELECT id, state FROM task WHERE id IN (SELECT value FROM json_each(?))',
      JSON.stringify(wanted),
    );
    for (const { id, state } of rows) this.#read.set(id, outcomeOf(state));
  }

  /** Adds to the tally: for new and removed tasks and for moves between lanes. */
  count(app: number, lane: number, state: TaskStateCode, by: number): void {
    const key = `${app} ${lane} ${state}`;
    const entry = this.#tally.get(key);
    if (entry === undefined) this.#tally.set(key, { app, lane, state, count: by });
    else entry.count += by;
  }

  /** Carries outcomes to dependents: what can run now is PENDING then. */
  carry(): void {
    this.#read.clear();
    this.rows.forgetOutcomes();
    while (this.#outcomes.size > 0) {
      const changes = [...this.#outcomes.values()];
      this.#outcomes.clear();
      this.#before.clear();
      for (const change of changes) this.#carry(change);
    }
    this.#writeTally();
  }

  /** Call once, before COMMIT. */
  finish(): void {
    this.rows.finish();
    this.carry();
  }

  #writeTally(): void {
    for (const { app, lane, state, count } of this.#tally.values()) {
      if (count === 0) continue;
      this.db.run(
        'INSERT INTO tally VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count',
        app,
        lane,
        state,
        count,
      );
    }
    this.#tally.clear();
  }

  #note(ids: readonly number[], from: Outcome, to: Outcome): void {
    if (from === to) return;
    const key = `${from} ${to}`;
    const change = this.#outcomes.get(key) ?? { from, to, ids: [] };
    this.#outcomes.set(key, change);
    for (const id of ids) {
      change.ids.push(id);
      if (!this.#before.has(id)) this.#before.set(id, from);
    }
  }

  /** One pass over all dependents of tasks whose outcome changed alike: a fan-in row is touched once. */
  #carry({ ids, from, to }: OutcomeChange): void {
    const dependents = this.db.all<Dependent>(
      `SELECT ${CORE_OF_TASK}, sum(r.kind <> 2) plain, sum(r.kind = 2) settled
       FROM json_each(?) j JOIN requires r ON r.requirement = j.value JOIN task ON task.id = r.task
       GROUP BY r.task ORDER BY r.task`,
      JSON.stringify(ids),
    );
    const opened = Number(to === 'open') - Number(from === 'open');
    const failed = Number(to === 'failed') - Number(from === 'failed');
    for (const { plain, settled, ...task } of dependents) {
      const more = { unfinished: opened * (plain + settled), failed: failed * plain };
      if (more.unfinished === 0 && more.failed === 0) continue;
      const { unfinished, failed: failedNow } = task;
      this.#recount({ ...task, unfinished: unfinished + more.unfinished, failed: failedNow + more.failed });
    }
  }

  /** Writes counters of a task that changed, and the state that follows. */
  #recount(task: TaskCore): void {
    const { id, unfinished, failed, state } = task;
    const isHandedAndDone = task.handed === 1 && eligibleState(task) === TaskState.PENDING;
    // The usual case in one statement: those that wait are held by no agent and wait out no delay.
    if (!isHandedAndDone && (state === TaskState.WAITING || state === TaskState.BLOCKED)) {
      const to = eligibleState(task);
      const sql = 'UPDATE task SET unfinished = ?, failed = ?, state = ? WHERE id = ?';
      this.db.run(sql, unfinished, failed, to, id);
      this.changed(task, to);
      return;
    }
    this.db.run('UPDATE task SET unfinished = ?, failed = ? WHERE id = ?', unfinished, failed, id);
    if (!isHandedAndDone) this.change('recount', task);
    else if (this.change('complete', task) !== undefined) moveToEndOfCompletions(this.db, id);
  }
}

/** The last attempt's row gets a new id, so that followers of the completions see the task again. */
function moveToEndOfCompletions(db: Database, task: number): void {
  const row = db.get<{ id: number }>('SELECT max(id) id FROM attempt WHERE task = ?', task);
  if (row === undefined || row.id === null) return;
  const values: SqlValue[] = [row.id];
  const moved = db.run(
    `INSERT INTO attempt (task, number, state, account, agent, worker, started, seconds, exit_code, signal, error, program, note, peak_memory)
     SELECT task, number, state, account, agent, worker, started, seconds, exit_code, signal, error, program, note, peak_memory
     FROM attempt WHERE id = ?`,
    ...values,
  );
  db.run('UPDATE output SET attempt = ? WHERE attempt = ?', moved.rowId, row.id);
  db.run('DELETE FROM attempt WHERE id = ?', row.id);
}
