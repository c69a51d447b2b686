import { setTimeout as delay } from 'node:timers/promises';
import type { Call, FutureReference } from '../app/index.ts';
import { Environment } from '../environment/index.ts';
import { PipeError } from '../errors.ts';
import { TASK_STATES, TaskState, type TaskStateName } from '../model/index.ts';
import {
  assertRunnable,
  countByState,
  endProcess,
  identityOf,
  liveProcesses,
  openKillRequests,
  type ProcessRow,
  requestStop,
  selectTasks,
  type Store,
  storedObject,
} from '../store/index.ts';
import { isProvenDead, log } from '../util/index.ts';
import { Completions } from './completions.ts';
import { Future } from './future.ts';
import type { FutureHost } from './future-host.ts';
import { managerPort } from './manager-port.ts';
import { processView, type QueueProcess } from './process-view.ts';
import { reapDeadAgents } from './reap.ts';
import { foreign } from './insert-group.ts';
import { type PlacementCounts, Submitter } from './submitter.ts';
import { silenceOf } from './silence.ts';
import { Task } from './task.ts';
import { registerErrors } from './task-error.ts';
import { type TaskFilter, taskQuery } from './task-filter.ts';

// TERM, 10 s, KILL: an agent that has not answered then does not look at the queue.
const KILL_WAIT_MS = 30_000;
const STOP_WAIT_MS = 60_000;
const LOOK_MS = 20;
const WARN_AFTER_MS = 10_000;

/** The part of a queue that the rooms above and Futures work with. */
export class QueueHost implements FutureHost {
  readonly store: Store;
  readonly submitter: Submitter;
  /** In a worker: called when a task begins to wait for a Future; what it gives is awaited when the wait is over. */
  whileWaiting: (() => () => Promise<void>) | undefined;
  readonly #completions: Completions;
  /** Whether its owner, and its group, may have put in what is run here. */
  isTrusted = false;
  /** Whether each insert sees to it that a manager is alive. */
  spawn = false;
  #isWarned = false;
  #waiting = 0;
  #warning: NodeJS.Timeout | undefined;

  constructor(store: Store) {
    registerErrors();
    this.store = store;
    this.#completions = new Completions(store);
    this.submitter = new Submitter(store, {
      findPlace: (future) => (future instanceof Future ? Future.placeOf(future, this) : undefined),
      afterInsert: () => this.afterInsert(),
    });
  }

  get counts(): PlacementCounts {
    return this.submitter.counts;
  }

  submit(call: Call): Future {
    this.store.assertWritable();
    for (const { future } of call.args.futures) this.#assertOwn(future, call);
    for (const future of call.after) this.#assertOwn(future, call);
    return new Future(this, this.submitter.submit(call));
  }

  #assertOwn(future: FutureReference, { app }: Call): void {
    if (!(future instanceof Future) || Future.placeOf(future, this) === undefined) throw foreign(app.name);
  }

  environIdentity(environ: string): string {
    return Environment.from(storedObject(environ)).identity();
  }

  async wait(row: number, signal?: AbortSignal): ReturnType<Completions['wait']> {
    const end = this.whileWaiting?.();
    // One timer for all that wait together: there may be a hundred thousand.
    if (this.#waiting++ === 0) this.#warning = setInterval(() => this.#warnIfIdle(), WARN_AFTER_MS).unref();
    try {
      return await this.#completions.wait(row, signal);
    } finally {
      if (--this.#waiting === 0) clearInterval(this.#warning);
      await end?.();
    }
  }

  taskAt(row: number): Task {
    this.submitter.flushNow();
    const found = this.store.read((db) => selectTasks(db, { rows: [row] }))[0];
    if (found !== undefined) return new Task(this, found);
    throw new PipeError('TASK_NOT_FOUND', `The task in row ${row} was removed from the queue.`);
  }

  summary({ name, mid }: Pick<TaskFilter, 'mid' | 'name'>): Record<TaskStateName, number> {
    const { names, taskManagers } = taskQuery(this.store, { name, mid });
    const counts = new Map(
      this.store.read((db) => countByState(db, { names, taskManagers })).map((row) => [row.state, row.count]),
    );
    return Object.fromEntries(
      TASK_STATES.map((state) => [state, counts.get(TaskState[state]) ?? 0]),
    ) as Record<TaskStateName, number>;
  }

  managers(): readonly QueueProcess[] {
    return this.#alive('manager');
  }

  agents(): readonly QueueProcess[] {
    return this.#alive('agent');
  }

  #alive(kind: 'manager' | 'agent'): readonly QueueProcess[] {
    const silence = silenceOf(this.store);
    return this.store
      .read((db) => liveProcesses(db, kind).filter((row) => silence?.isSilent(db, row) !== true))
      .filter((row) => !isDead(row))
      .map(processView);
  }

  /** Throws `QUEUE_READ_ONLY` or `QUEUE_NOT_TRUSTED` where its tasks are not to be run here. */
  assertRunnable(): void {
    this.store.assertWritable();
    assertRunnable(this.store.path, this.isTrusted);
  }

  afterInsert(): void {
    if (this.spawn) managerPort.ensure(this.store.path);
  }

  #warnIfIdle(): void {
    if (this.#isWarned || !this.store.isOpen) return;
    if (this.managers().length + this.agents().length > 0) return;
    this.#isWarned = true;
    log.warn(
      `Nothing works on the queue ${this.store.path}. Start a manager: await spawn(queue), or tspipe spawn.`,
    );
  }

  /** Resolves when the processes of killed tasks are gone, or their agent is; warns when it does not answer. */
  async untilKilled(rows: readonly number[]): Promise<void> {
    const isOpen = (): boolean => this.store.read((db) => openKillRequests(db, rows)) > 0;
    const end = performance.now() + KILL_WAIT_MS;
    while (isOpen()) {
      await reapDeadAgents(this.store);
      if (performance.now() > end) {
        log.warn(
          `Agents of ${this.store.path} do not answer: processes of killed tasks may still be running.`,
        );
        return;
      }
      await delay(LOOK_MS);
    }
  }

  /** Ends managers and agents, and resolves when they are gone. Throws `QUEUE_BUSY` when they are not, in a minute. */
  async stopProcesses(): Promise<void> {
    const others = this.#others();
    await this.store.write((tx) => {
      for (const { id } of others) requestStop(tx, id, 2);
    });
    const end = performance.now() + STOP_WAIT_MS;
    for (let alive = this.#others(); alive.length > 0; alive = this.#others()) {
      if (performance.now() > end) throw heldError(this.store.path, alive);
      // One that has not said that it runs finds its row ended when it does, and ends.
      const silent = alive.filter(({ pid }) => pid === null);
      if (silent.length > 0) {
        await this.store.write((tx) => {
          for (const { id } of silent) endProcess(tx, id);
        });
      }
      await delay(LOOK_MS);
      await reapDeadAgents(this.store);
    }
  }

  /** Managers and agents in other processes that may be alive. */
  #others(): ProcessRow[] {
    return this.store
      .read((db) => [...liveProcesses(db, 'manager'), ...liveProcesses(db, 'agent')])
      .filter((row) => row.pid !== process.pid && !isDead(row));
  }

  close(): void {
    this.#completions.close();
    this.store.close();
  }
}

function heldError(path: string, holders: readonly ProcessRow[]): PipeError {
  const list = holders.map(({ kind, pid, host }) => `${kind} ${pid} on ${host}`).join(', ');
  return new PipeError(
    'QUEUE_BUSY',
    `${path} is still held by: ${list}. End these processes, then try again.`,
  );
}

function isDead(row: ProcessRow): boolean {
  const identity = identityOf(row);
  return identity !== undefined && isProvenDead(identity);
}
