import { existsSync } from 'node:fs';
import * as v from 'valibot';
import { REMADE, type Remade } from '../app/index.ts';
import { loadConfig } from '../config/index.ts';
import { PipeError } from '../errors.ts';
import type { QueueState, TaskStateName } from '../model/index.ts';
import {
  closedError,
  countByState,
  countTasks,
  queueState,
  removeFiles,
  selectTasks,
  writeQueueState,
} from '../store/index.ts';
import { parseOptions } from '../util/index.ts';
import {
  type AddOptions,
  addTasks,
  type ClearOptions,
  clearTasks,
  type KillOptions,
  killTasks,
  type RemoveOptions,
  removeTask,
  type RetryOptions,
  retryTasks,
} from './change-tasks.ts';
import type { Future } from './future.ts';
import { describeMissing } from './known-queues.ts';
import { type QueueProcess, type QueueWorker, workerViews } from './process-view.ts';
import type { QueueHost } from './queue-host.ts';
import { queuePath } from './queue-path.ts';
import { openHost, releaseHost } from './shared-hosts.ts';
import { Task } from './task.ts';
import { type TaskFilter, type TaskProperty, taskQuery } from './task-filter.ts';
import { type TaskList, taskListPage } from './task-list.ts';
import { isInWorker, taskQueueHost } from './task-queue.ts';
import { readResult } from './task-values.ts';
import { taskId } from './why-failed.ts';

const optionsSchema = v.strictObject({
  baseDir: v.optional(v.string('a path')),
  create: v.optional(v.boolean('true or false')),
  share: v.optional(v.picklist(['group', 'read'])),
  shared: v.optional(v.boolean('true or false')),
  spawn: v.optional(v.boolean('true or false')),
  trust: v.optional(v.boolean('true or false')),
});

/**
 * Options of a queue.
 *
 * - `baseDir`: folder of the file; default `TSPIPE_QUEUE_DIR`, then `base_queue_dir` of the configuration, then
 *   `~/.tspipe/queues`, and in these the user's name.
 * - `create`: true refuses an existing queue, false a missing one; default: whichever.
 * - `share`: `'group'` lets the group of its folder write to it, `'read'` lets it read; default: nobody else. Told by
 *   the rights of the file, which its owner changes by this, also later.
 * - `shared`: true for a queue that several hosts use, false for one of this machine; default: the configuration, then
 *   whether the disk is known to be of this machine alone. A queue stays what it was made as.
 * - `spawn`: true sees to it that a detached manager is alive after each insert.
 * - `trust`: true opens another user's queue for writing, and lets it, or one that its group writes to, be run here, with
 *   this user's rights; default: another user's queue is open for reading, as a copy of its state.
 */
export type QueueOptions = v.InferOutput<typeof optionsSchema>;

/**
 * Tasks in a file, and what became of them.
 * Throws `QUEUE_NAME_INVALID`, `QUEUE_EXISTS`, `QUEUE_NOT_FOUND`, `QUEUE_NOT_A_FILE`, `QUEUE_NOT_A_QUEUE`,
 * `QUEUE_NOT_READABLE`, `QUEUE_NOT_WRITABLE`, `QUEUE_TOO_NEW`, `QUEUE_MODE`.
 *
 * @example
 * const queue = new Queue('pi', { baseDir: '_tests' }); // _tests/pi.sqlite
 * for await (const task of queue.tasks({ state: 'FAILED' })) console.log(task.name, task.err);
 */
export class Queue {
  readonly name: string;
  /** Path of the file. */
  readonly path: string;
  readonly #shared: QueueHost;
  #isClosed = false;

  constructor(name: string, options: QueueOptions = {}) {
    const parsed = parseOptions(optionsSchema, options, 'Queue');
    const { baseDir, create, share, spawn = false, trust } = parsed;
    this.name = name;
    const ofTask = taskQueueHost();
    if (ofTask !== undefined) {
      this.path = ofTask.store.path;
      this.#shared = ofTask;
      return;
    }
    this.path = queuePath(name, baseDir);
    const isThere = existsSync(this.path);
    if (create === true && isThere) {
      throw new PipeError('QUEUE_EXISTS', `The queue ${this.path} is there already. Leave out create: true.`);
    }
    if (create === false && !isThere) throw describeMissing(name, this.path);
    const shared = parsed.shared ?? (isThere ? undefined : configured(name, baseDir));
    this.#shared = openHost(this.path, { share, shared, trust });
    if (spawn) this.#shared.assertRunnable();
    this.#shared.spawn ||= spawn;
  }

  /** What a task whose function refers to it makes of it: there, the queue of the task. */
  get [REMADE](): Remade {
    return { tag: 'Queue', body: this.path, key: null };
  }

  /** The queue of a file, for the other rooms. */
  static at(path: string): Queue {
    return new Queue(path);
  }

  /** What the rooms above work with. */
  static hostOf(queue: Queue): QueueHost {
    return queue.#host;
  }

  get #host(): QueueHost {
    if (this.#isClosed) throw closedError(this.path);
    return this.#shared;
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
    const query = taskQuery(this.#host.store, { tid, limit: 6 });
    const rows = this.#host.store.read((db) => selectTasks(db, query));
    const [row] = rows;
    if (row !== undefined && rows.length === 1) return new Task(this.#host, row);
    const candidates = rows.map(({ identity }) => taskId(identity)).join(', ');
    const what =
      row === undefined ? `No task has id ${tid}` : `Several tasks begin with ${tid}: ${candidates}`;
    throw new PipeError('TASK_NOT_FOUND', `${what}. See: await queue.tasks().`);
  }

  /** How many tasks match. */
  async counts(filter: TaskFilter = {}): Promise<number> {
    this.#host.submitter.flushNow();
    const { state, mid, name, ...others } = filter;
    if (Object.values(others).every((value) => value === undefined)) return this.#tally({ state, mid, name });
    const query = taskQuery(this.#host.store, filter);
    return this.#host.store.read((db) => countTasks(db, query));
  }

  #tally(filter: Pick<TaskFilter, 'state' | 'mid' | 'name'>): number {
    const { states, names, taskManagers } = taskQuery(this.#host.store, filter);
    return this.#host.store
      .read((db) => countByState(db, { states, names, taskManagers }))
      .reduce((sum, { count }) => sum + count, 0);
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
  async add(task: Task | readonly Task[], options: AddOptions = {}): Promise<Future[]> {
    return await addTasks(this.#host, [task].flat() as Task[], options);
  }

  /**
   * Takes a task out of the queue. Throws `TASK_NEEDED` while it runs, or while unfinished tasks need it, unless
   * `cascade: true` takes those out as well.
   */
  async remove(tid: string, options: RemoveOptions = {}): Promise<void> {
    await removeTask(this.#host, await this.task(tid), options);
  }

  /**
   * Makes ended tasks ready to run again; default FAILED, KILLED and UNKNOWN. `downstream` retries what requires them
   * as well. Resolves to the number of tasks.
   */
  async retry(filter: TaskFilter = {}, options: RetryOptions = {}): Promise<number> {
    return await retryTasks(this.#host, filter, options);
  }

  /**
   * Ends tasks for good; default those RUNNING. `wait: false` does not wait until their processes are gone; `manager`
   * ends the managers as well, once their running tasks have ended. Resolves to the number of tasks.
   */
  async kill(filter: TaskFilter = {}, options: KillOptions = {}): Promise<number> {
    return await killTasks(this.#host, filter, options);
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
  async clear(options: ClearOptions = {}): Promise<void> {
    await clearTasks(this.#host, options);
  }

  /** Deletes the queue with all its files. Running tasks and managers are ended first, as by `clear`. */
  async delete(options: ClearOptions = {}): Promise<void> {
    this.#host.store.assertWritable();
    await this.pause();
    await clearTasks(this.#host, options);
    await this.#host.stopProcesses();
    this.#shared.close();
    this.close();
    removeFiles(this.path);
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

  /** Writes what is waiting and closes the file, unless another `Queue` object of this process has it open. */
  close(): void {
    if (this.#isClosed || isInWorker()) return;
    try {
      if (this.#shared.store.isOpen) this.#shared.submitter.flushNow();
    } finally {
      this.#isClosed = true;
      releaseHost(this.#shared);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }

  /** Size, state, path and counts. */
  toString(): string {
    if (this.#isClosed || !this.#shared.store.isOpen) return `Queue(${this.path}, closed)`;
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
}

/** What the configuration says of new queues: of those in its folder. */
function configured(name: string, baseDir: string | undefined): boolean | undefined {
  return baseDir === undefined && !/^\.{0,2}\//.test(name) ? loadConfig().shared : undefined;
}
