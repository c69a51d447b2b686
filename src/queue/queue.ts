import { existsSync, rmSync } from 'node:fs';
import * as v from 'valibot';
import { PipeError } from '../errors.ts';
import { type QueueState, TASK_STATES, TaskState, type TaskStateName } from '../model/index.ts';
import {
  countByState,
  deleteAllTasks,
  deleteTasks,
  dependentsOf,
  killTask,
  liveProcesses,
  queueState,
  requestStop,
  retryTask,
  selectTaskIds,
  selectTasks,
  Store,
  withDependents,
  writeQueueState,
} from '../store/index.ts';
import { encodeValue } from '../serialization/index.ts';
import { parseOptions } from '../util/index.ts';
import { Future } from './future.ts';
import { type TaskFilter, type TaskProperty, taskQuery } from './task-filter.ts';
import { type TaskList, taskListPage } from './task-list.ts';
import { type QueueProcess, type QueueWorker, workerViews } from './process-view.ts';
import { QueueHost } from './queue-host.ts';
import { isInWorker, taskQueueHost } from './task-queue.ts';
import { queuePath } from './queue-path.ts';
import { describeMissing } from './known-queues.ts';
import { callAgain, Task } from './task.ts';
import { readResult } from './task-values.ts';

const optionsSchema = v.strictObject({
  baseDir: v.optional(v.string('a path')),
  create: v.optional(v.boolean('true or false')),
  spawn: v.optional(v.boolean('true or false')),
});

/**
 * Options of a queue.
 *
 * - `baseDir`: folder of the file; default `TSPIPE_QUEUE_DIR`, then `base_queue_dir` of the configuration, then
 *   `~/.tspipe/queues`, and in these the user's name.
 * - `create`: true refuses an existing queue, false a missing one; default: whichever.
 * - `spawn`: true sees to it that a detached manager is alive after each insert.
 */
export type QueueOptions = v.InferOutput<typeof optionsSchema>;

/**
 * Tasks in a file, and what became of them.
 * Throws `QUEUE_NAME_INVALID`, `QUEUE_EXISTS`, `QUEUE_NOT_FOUND`, `QUEUE_NOT_A_FILE`, `QUEUE_NOT_A_QUEUE`,
 * `QUEUE_NOT_WRITABLE`, `QUEUE_TOO_NEW`.
 *
 * @example
 * const queue = new Queue('pi', { baseDir: '_tests' }); // _tests/pi.sqlite
 * for await (const task of queue.tasks({ state: 'FAILED' })) console.log(task.name, task.err);
 */
export class Queue {
  readonly name: string;
  /** Path of the file. */
  readonly path: string;
  readonly #host: QueueHost;

  constructor(name: string, options: QueueOptions = {}) {
    const { baseDir, create, spawn = false } = parseOptions(optionsSchema, options, 'Queue');
    this.name = name;
    const ofTask = taskQueueHost();
    if (ofTask !== undefined) {
      this.path = ofTask.store.path;
      this.#host = ofTask;
      return;
    }
    this.path = queuePath(name, baseDir);
    const isThere = existsSync(this.path);
    if (create === true && isThere) {
      throw new PipeError('QUEUE_EXISTS', `The queue ${this.path} is there already. Leave out create: true.`);
    }
    if (create === false && !isThere) throw describeMissing(name, this.path);
    this.#host = new QueueHost(new Store(this.path), spawn);
  }

  /** The queue of a file, for the other rooms. */
  static at(path: string): Queue {
    return new Queue(path);
  }

  /** What the rooms above work with. */
  static hostOf(queue: Queue): QueueHost {
    return queue.#host;
  }

  /**
   * Tasks in the order they were added: an array when awaited, and an async iterator that reads page by page.
   * With `property` only that property of each.
   */
  tasks(filter?: TaskFilter & { readonly property?: undefined }): TaskList<Task>;
  tasks<P extends TaskProperty>(filter: TaskFilter & { readonly property: P }): TaskList<Task[P]>;
  tasks(filter: TaskFilter = {}): TaskList<unknown> {
    return taskListPage(this.#host, filter);
  }

  /** One task by its id or a unique beginning of it. Throws `TASK_NOT_FOUND`. */
  async task(tid: string): Promise<Task> {
    this.#host.submitter.flushNow();
    const rows = this.#host.store.read((db) => selectTasks(db, taskQuery({ tid, limit: 6 })));
    const [row] = rows;
    if (row !== undefined && rows.length === 1) return new Task(this.#host, row);
    const candidates = rows.map((found) => Buffer.from(found.identity).toString('hex')).join(', ');
    const what =
      row === undefined ? `No task has id ${tid}` : `Several tasks begin with ${tid}: ${candidates}`;
    throw new PipeError('TASK_NOT_FOUND', `${what}. See: await queue.tasks().`);
  }

  /** How many tasks match. */
  async counts(filter: TaskFilter = {}): Promise<number> {
    this.#host.submitter.flushNow();
    const query = taskQuery(filter);
    if (Object.values(query).every((value) => value === undefined)) {
      return this.#host.store.read(countByState).reduce((sum, { count }) => sum + count, 0);
    }
    return this.#host.store.read((db) => selectTaskIds(db, query)).length;
  }

  /** Counts by state; every state is there. */
  async summary(filter: Pick<TaskFilter, 'mid' | 'name'> = {}): Promise<Record<TaskStateName, number>> {
    this.#host.submitter.flushNow();
    return this.#host.summary(filter);
  }

  /** The managers that are alive, as far as can be told. */
  async managers(): Promise<readonly QueueProcess[]> {
    return this.#host.managers();
  }

  /** The workers that run a task now. */
  async workers(): Promise<readonly QueueWorker[]> {
    return workerViews(this.#host.store);
  }

  /**
   * Adds copies of tasks (see `task.clone`). A call that is there already is found; with `replace: true` it is run
   * again.
   */
  async add(
    task: Task | readonly Task[],
    { replace = false }: { readonly replace?: boolean } = {},
  ): Promise<Future[]> {
    const futures = [task].flat().map((one) => callAgain(one as Task) as Future);
    await this.flush();
    if (replace) {
      const rows = futures.map((future) => Future.rowOf(future));
      const ended = this.#host.store
        .read((db) => selectTasks(db, { rows }))
        .filter(({ attempts }) => attempts > 0);
      await this.#host.store.write((tx) => {
        for (const { id } of ended) retryTask(tx, id);
      });
    }
    return futures;
  }

  /**
   * Takes a task out of the queue. Throws `TASK_NEEDED` while unfinished tasks need it, unless `cascade: true` takes
   * those out as well.
   */
  async remove(tid: string, { cascade = false }: { readonly cascade?: boolean } = {}): Promise<void> {
    const task = await this.task(tid);
    const { store } = this.#host;
    if (task.state === 'RUNNING') {
      throw new PipeError(
        'TASK_NEEDED',
        `Task ${task.id} is running. Kill it first: queue.kill({ tid: '${task.id}' }).`,
      );
    }
    await store.write((tx) => {
      const rows = cascade ? withDependents(tx, [task.row]) : [task.row];
      const needing = cascade
        ? []
        : dependentsOf(tx.db, rows).filter((row) => isUnfinished(tx.core(row)?.state));
      if (needing.length > 0) {
        const ids = selectTasks(tx.db, { rows: needing.slice(0, 3) }).map((row) =>
          Buffer.from(row.identity).toString('hex'),
        );
        throw new PipeError(
          'TASK_NEEDED',
          `Task ${task.id} is needed by ${needing.length} unfinished tasks (${ids.join(', ')}). Use cascade: true.`,
        );
      }
      deleteTasks(tx, rows);
    });
  }

  /**
   * Makes ended tasks ready to run again; default FAILED, KILLED and UNKNOWN. `downstream` retries what requires them
   * as well. Resolves to the number of tasks.
   */
  async retry(
    filter: TaskFilter = {},
    { downstream = false }: { readonly downstream?: boolean } = {},
  ): Promise<number> {
    this.#host.submitter.flushNow();
    const wanted = { state: ['FAILED', 'KILLED', 'UNKNOWN'] as TaskStateName[], ...filter };
    const count = await this.#host.store.write((tx) => {
      const rows = selectTaskIds(tx.db, taskQuery(wanted));
      const all = downstream ? withDependents(tx, rows).sort((a, b) => a - b) : rows;
      return all.filter((row) => retryTask(tx, row)).length;
    });
    if (count > 0) this.#host.afterInsert();
    return count;
  }

  /**
   * Ends tasks for good; default those RUNNING. `wait` resolves only when their processes are gone; `manager` ends
   * the managers as well. Resolves to the number of tasks.
   */
  async kill(
    filter: TaskFilter = {},
    { wait = true, manager = false }: { readonly wait?: boolean; readonly manager?: boolean } = {},
  ): Promise<number> {
    this.#host.submitter.flushNow();
    const wanted = { state: 'RUNNING' as const, ...filter };
    const reason = encodeValue(new PipeError('TASK_KILLED', 'It was killed by a user.')).text;
    const rows = await this.#host.store.write((tx) => {
      const killed = selectTaskIds(tx.db, taskQuery(wanted)).filter((row) => killTask(tx, row, reason));
      if (manager) for (const { id } of liveProcesses(tx.db, 'manager')) requestStop(tx, id, 1);
      return killed;
    });
    if (wait) await this.#host.untilKilled(rows);
    return rows.length;
  }

  /** No task starts any more; those that run, end. */
  async pause(): Promise<void> {
    await this.#host.store.write((tx) => writeQueueState(tx, 'PAUSED'));
  }

  /** Tasks start again. Starts no manager. */
  async resume(): Promise<void> {
    await this.#host.store.write((tx) => writeQueueState(tx, 'ACTIVE'));
  }

  /** `ACTIVE` or `PAUSED`. */
  async state(): Promise<QueueState> {
    return this.#host.store.read(queueState);
  }

  /** Takes all tasks out. Running ones are ended first; `kill: false` refuses while there are any. */
  async clear({ kill = true }: { readonly kill?: boolean } = {}): Promise<void> {
    this.#host.submitter.flushNow();
    await this.#endAll(kill);
    await this.#host.store.write(deleteAllTasks);
  }

  /** Deletes the queue with all its files. Running tasks and managers are ended first, as by `clear`. */
  async delete({ kill = true }: { readonly kill?: boolean } = {}): Promise<void> {
    this.#host.submitter.flushNow();
    await this.pause();
    await this.#endAll(kill);
    await this.#host.stopProcesses();
    this.#host.close();
    for (const ending of ['', '-wal', '-shm', '-journal']) rmSync(this.path + ending, { force: true });
    rmSync(this.path.replace(/\.sqlite$/, '.d'), { recursive: true, force: true });
  }

  /** Results of the tasks of an app that succeeded, in the order they were added. */
  async *results(name: string): AsyncGenerator<unknown> {
    for await (const row of this.tasks({ name, state: 'SUCCEEDED', property: 'row' })) {
      yield readResult(this.#host.store, row);
    }
  }

  /** Resolves when everything that was called is in the file. */
  async flush(): Promise<void> {
    this.#host.submitter.flushNow();
  }

  /** Writes what is waiting and closes the file. */
  close(): void {
    if (isInWorker()) return;
    this.#host.submitter.flushNow();
    this.#host.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }

  /** Size, state, path and counts. */
  toString(): string {
    if (!this.#host.store.isOpen) return `Queue(${this.path}, closed)`;
    this.#host.submitter.flushNow();
    const counts = Object.entries(this.#host.summary({})).filter(([, count]) => count > 0);
    const size = counts.reduce((sum, [, count]) => sum + count, 0);
    const state = this.#host.store.read(queueState);
    return [
      `Queue(size=${size}, state=${state}, path=${this.path})`,
      ...counts.map(([name, count]) => `${name.padEnd(10)} ${count}`),
    ].join('\n');
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }

  async #endAll(kill: boolean): Promise<void> {
    const running = await this.counts({ state: 'RUNNING' });
    if (running > 0 && !kill) {
      throw new PipeError(
        'TASK_NEEDED',
        `${running} tasks of ${this.path} are running. Wait, or use kill: true.`,
      );
    }
    await this.kill({ state: [...TASK_STATES].filter((state) => state !== 'SUCCEEDED') }, { wait: true });
  }
}

function isUnfinished(state: number | undefined): boolean {
  return (
    state === TaskState.WAITING ||
    state === TaskState.BLOCKED ||
    state === TaskState.PENDING ||
    state === TaskState.RUNNING
  );
}
