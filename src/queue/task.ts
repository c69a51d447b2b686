import type { UntypedApp } from '../app/index.ts';
import { stateName, type TaskStateName } from '../model/index.ts';
import {
  allRequirements,
  type AttemptRow,
  attemptsOf,
  parametersOfProgram,
  processRow,
  programRow,
  selectTasks,
  stateOf,
  type TaskRow,
  storedObject,
  storedTexts,
} from '../store/index.ts';
import { type Attempt, attemptView } from './attempt.ts';
import { byName, changeArguments } from './named-arguments.ts';
import { runHere } from './run-here.ts';
import { storedApp } from './stored-app.ts';
import type { TaskHost } from './task-host.ts';
import { readOutput } from './task-output.ts';
import { readArguments, readResult } from './task-values.ts';
import { attemptCause, taskId } from './why-failed.ts';

/** What to change in a copy of a task. */
export interface TaskChanges {
  /** Arguments by parameter name; those not named stay. */
  readonly kwargs?: Readonly<Record<string, unknown>>;
}

/** One call, as the queue holds it now. Properties are read from the file when they are asked for. */
export class Task {
  readonly #host: TaskHost;
  readonly #row: TaskRow;
  readonly #changes: TaskChanges;

  /** Tasks come from `queue.tasks()` and `future.task()`; users do not make them. */
  constructor(host: TaskHost, row: TaskRow, changes: TaskChanges = {}) {
    this.#host = host;
    this.#row = row;
    this.#changes = changes;
  }

  /** 16 hex digits. */
  get id(): string {
    return taskId(this.#row.identity);
  }

  /** Name of the app. */
  get name(): string {
    return this.#row.name;
  }

  /** Number of the call among those of its app in this queue, from 0. */
  get index(): number {
    return this.#row.number;
  }

  get state(): TaskStateName {
    return stateName(this.#host.store.read((db) => stateOf(db, this.row)) ?? this.#row.state);
  }

  /** When a task that waits out a delay may start; null for all others. */
  get due(): Date | null {
    const { due } = this.#current;
    return due === null ? null : new Date(due);
  }

  /** Row id in the queue's file, in the order of adding. */
  get row(): number {
    return this.#row.id;
  }

  /** Id of the task manager. */
  get mid(): string {
    return this.#current.task_manager;
  }

  /** The app as it was captured: `code` is its source; calling it adds a task with that code. */
  get app(): UntypedApp {
    return storedApp(this.#host, this.#row);
  }

  /** Arguments by position, Futures replaced by their results. Throws where a Future has none yet. */
  get args(): readonly unknown[] {
    const args = readArguments(this.#host.store, this.#row);
    const { kwargs } = this.#changes;
    return kwargs === undefined ? args : changeArguments(args, this.#parameters, kwargs);
  }

  /** The same arguments by parameter name. */
  get kwargs(): Readonly<Record<string, unknown>> {
    return byName(this.args, this.#parameters);
  }

  /** Ids of the tasks it requires. */
  get requireIds(): readonly string[] {
    const { store } = this.#host;
    return store.read((db) => {
      const rows = allRequirements(db, this.row).map(({ requirement }) => requirement);
      return selectTasks(db, { rows }).map(({ identity }) => taskId(identity));
    });
  }

  /** Every attempt that ended, the oldest first. */
  get attempts(): readonly Attempt[] {
    const { store } = this.#host;
    return store.read((db) => attemptsOf(db, this.row)).map((row) => attemptView(row, store));
  }

  /** Job of the agent that runs it, or that ran the newest attempt. */
  get jobid(): string | null {
    const { agent } = this.#current;
    if (agent === null) return this.#last?.job ?? null;
    return this.#host.store.read((db) => processRow(db, agent))?.job ?? null;
  }

  /** Exit code of the newest attempt; null where there is none. */
  get errno(): number | null {
    return this.#last?.exit_code ?? null;
  }

  /** Standard output of the newest attempt. */
  get out(): string {
    return readOutput(this.#host.store, this.row, 1);
  }

  /** Standard error of the newest attempt, then the error it ended with. */
  get err(): string {
    const error = this.#last === undefined ? undefined : attemptCause(this.#last);
    const text = readOutput(this.#host.store, this.row, 2);
    if (error === undefined) return text;
    const shown = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return text === '' || text.endsWith('\n') ? `${text}${shown}` : `${text}\n${shown}`;
  }

  /** Versions of Node, tspipe and packages that the newest attempt ran with. */
  get versions(): Readonly<Record<string, string | null>> {
    const last = this.#last;
    const code = this.#host.store.read((db) => programRow(db, last?.program ?? this.#row.program));
    return { ...storedObject(code?.versions ?? '{}'), ...storedObject(last?.versions ?? '{}') } as Record<
      string,
      string | null
    >;
  }

  /** The result; undefined unless SUCCEEDED. */
  get result(): unknown {
    return this.state === 'SUCCEEDED' ? readResult(this.#host.store, this.row) : undefined;
  }

  /** When the newest attempt began. */
  get t0(): Date | null {
    return this.attempts.at(-1)?.t0 ?? null;
  }

  /** Seconds the newest attempt took. */
  get dtime(): number | null {
    return this.#last?.seconds ?? null;
  }

  /**
   * Runs the task here and now with its real arguments, or with others by name, and writes nothing to the queue: the
   * way to debug. Resolves to what its function returns (for a bash app to the standard output).
   */
  async run(overrides: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    return await runHere(this.#host, this.#row, { ...this.#changes.kwargs, ...overrides });
  }

  /** The queue a task is of, for the other rooms. */
  static hostOf(task: Task): TaskHost {
    return task.#host;
  }

  /** What a clone changes, for the other rooms. */
  static changesOf(task: Task): TaskChanges {
    return task.#changes;
  }

  /** A copy, to be changed and added: `queue.add(task.clone({ kwargs: { n: 3 } }), { replace: true })`. */
  clone(changes: TaskChanges = {}): Task {
    return new Task(this.#host, this.#row, { kwargs: { ...this.#changes.kwargs, ...changes.kwargs } });
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `Task ${this.name}[${this.index}] ${this.id} ${this.state}`;
  }

  get #current(): TaskRow {
    return this.#host.store.read((db) => selectTasks(db, { rows: [this.row] }))[0] ?? this.#row;
  }

  get #last(): AttemptRow | undefined {
    return this.#host.store.read((db) => attemptsOf(db, this.row)).at(-1);
  }

  get #parameters(): readonly string[] {
    const parameters = this.#host.store.read((db) => parametersOfProgram(db, this.#row.program));
    return storedTexts(parameters ?? '[]');
  }
}
