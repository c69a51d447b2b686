import { setTimeout as delay } from 'node:timers/promises';
import { type SpawnResult, TASK_STATES, TaskState, type TaskStateName } from '../model/index.ts';
import type { QueueHost } from '../queue/index.ts';
import {
  addToScope,
  clearScope,
  completionCursor,
  countByState,
  countEndedSince,
  countNeeded,
  type CountRow,
  type Database,
  endProcess,
  identityOf,
  insertManager,
  isScoped,
  liveProcesses,
  processRow,
  queueState,
} from '../store/index.ts';
import { isProvenDead, processIdentity } from '../util/index.ts';
import { onInterrupt } from './interrupt.ts';
import { leftOver } from './left-over.ts';
import { Manager } from './manager.ts';
import type { ManagerOptions } from './options.ts';
import { OutputStream } from './output-stream.ts';
import { Progress } from './progress.ts';

type Counts = Record<TaskStateName, number>;
type Stopped = SpawnResult['stopped'];

/** One `spawn` of one queue: manages it, or joins the manager that is alive, until there is nothing more to do. */
export class Run {
  readonly #host: QueueHost;
  /** Row ids of the tasks asked for; undefined for the whole queue. */
  readonly #rows: readonly number[] | undefined;
  readonly #options: ManagerOptions;
  readonly #cursor: number;
  readonly #progress: Progress;
  readonly #stream: OutputStream | undefined;
  readonly #end: number;
  #interrupts = 0;

  constructor(host: QueueHost, rows: readonly number[] | undefined, options: ManagerOptions) {
    this.#host = host;
    this.#rows = rows;
    this.#options = options;
    this.#cursor = host.store.read(completionCursor);
    this.#progress = new Progress(host.store.path, process.stderr);
    const shows = !options.modes.has('no_stream') && !options.modes.has('no_out');
    this.#stream = shows ? new OutputStream(host.store, this.#progress) : undefined;
    this.#end = performance.now() + (options.timeout ?? Infinity) * 1000;
  }

  async run(): Promise<SpawnResult> {
    const { store } = this.#host;
    this.#progress.begin(this.#host.counts, this.#counts());
    let wake = Promise.withResolvers<void>();
    const watch = store.watch(() => wake.resolve());
    const signals = onInterrupt(() => {
      this.#interrupts++;
      wake.resolve();
    });
    const next = async (): Promise<void> => {
      const timer = setTimeout(wake.resolve, this.#options.timestep * 1000);
      await wake.promise;
      clearTimeout(timer);
      wake = Promise.withResolvers();
      this.#progress.show(this.#counts());
      this.#stream?.look();
    };
    try {
      const stopped = await this.#work(next);
      this.#stream?.look();
      return this.#result(stopped);
    } finally {
      watch.close();
      signals.close();
    }
  }

  async #work(next: () => Promise<void>): Promise<Stopped> {
    for (;;) {
      const id = await this.#tryToManage();
      const stopped = id === undefined ? await this.#join(next) : await this.#manage(id, next);
      if (stopped !== undefined) return stopped;
    }
  }

  /** The row of this manager; undefined where another one is alive, or may be. */
  async #tryToManage(): Promise<number | undefined> {
    return await this.#host.store.write((tx) => {
      for (const row of liveProcesses(tx.db, 'manager')) {
        const identity = identityOf(row);
        if (identity === undefined || !isProvenDead(identity)) {
          if (isScoped(tx.db)) this.#setScope(tx);
          return undefined;
        }
        endProcess(tx, row.id);
      }
      this.#setScope(tx);
      return insertManager(tx, processIdentity());
    });
  }

  #setScope(tx: Parameters<typeof clearScope>[0]): void {
    if (this.#rows === undefined) clearScope(tx);
    else addToScope(tx, this.#rows);
  }

  async #manage(id: number, next: () => Promise<void>): Promise<Stopped | undefined> {
    const { store } = this.#host;
    const manager = new Manager(store, id, this.#options);
    try {
      for (;;) {
        const stopped = this.#stopped();
        const obeyed = Math.max(this.#interrupts, store.read((db) => processRow(db, id))?.stop ?? 2);
        if (obeyed > 0) await manager.stopAgents(obeyed > 1 ? 2 : 1);
        else if (stopped === 'timeout' || stopped === 'error') await manager.stopAgents(1);
        const isOver = stopped === 'timeout' || (stopped !== undefined && this.#running() === 0);
        if (isOver && (await manager.end((tx) => stopped !== 'done' || !this.#hasWork(tx.db)))) {
          await this.#untilAgentsEnd(stopped);
          return stopped;
        }
        if (obeyed > 0 && this.#running() === 0 && (await manager.end(() => true))) return 'paused';
        if (stopped === undefined && obeyed === 0) await manager.step();
        await next();
      }
    } catch (error) {
      await manager.end(() => true);
      throw error;
    }
  }

  /** After `done` nothing of ours is left running. */
  async #untilAgentsEnd(stopped: Stopped): Promise<void> {
    if (stopped === 'timeout') return;
    const { store } = this.#host;
    const end = performance.now() + 5000;
    while (store.read((db) => liveProcesses(db, 'agent')).length > 0 && performance.now() < end)
      await delay(5);
  }

  async #join(next: () => Promise<void>): Promise<Stopped | undefined> {
    this.#progress.note('another manager is at work on this queue; waiting with it');
    for (;;) {
      const stopped = this.#stopped();
      if (stopped !== undefined) return stopped;
      if (this.#interrupts > 0) return 'paused';
      if (this.#host.managers().length === 0) return undefined;
      await next();
    }
  }

  #stopped(): Stopped | undefined {
    const { store } = this.#host;
    if (this.#options.modes.has('stop_at_error') && this.#failed() > 0) return 'error';
    if (!store.read((db) => this.#hasWork(db))) return 'done';
    if (store.read(queueState) === 'PAUSED' && this.#running() === 0) return 'paused';
    if (performance.now() > this.#end) return 'timeout';
    return undefined;
  }

  #hasWork(db: Database): boolean {
    return this.#rowsByState(db).some(
      ({ state, count }) => count > 0 && (state === TaskState.PENDING || state === TaskState.RUNNING),
    );
  }

  #rowsByState(db: Database): CountRow[] {
    return this.#rows === undefined ? countByState(db) : countNeeded(db, this.#rows);
  }

  #running(): number {
    return (
      this.#host.store.read((db) => countByState(db)).find(({ state }) => state === TaskState.RUNNING)
        ?.count ?? 0
    );
  }

  #failed(): number {
    const ended = this.#host.store.read((db) => countEndedSince(db, this.#cursor));
    return ended
      .filter(({ state }) => state === TaskState.FAILED || state === TaskState.KILLED)
      .reduce((sum, { count }) => sum + count, 0);
  }

  #counts(): Counts {
    const rows = new Map(
      this.#host.store.read((db) => this.#rowsByState(db)).map(({ state, count }) => [state, count]),
    );
    return Object.fromEntries(TASK_STATES.map((name) => [name, rows.get(TaskState[name]) ?? 0])) as Counts;
  }

  #result(stopped: Stopped): SpawnResult {
    const { store, counts: placed } = this.#host;
    const counts = this.#counts();
    const ended = store.read((db) => countEndedSince(db, this.#cursor));
    const succeeded = ended.find(({ state }) => state === TaskState.SUCCEEDED)?.count ?? 0;
    this.#progress.end(stopped, counts, leftOver(store));
    return {
      stopped,
      counts,
      succeeded,
      failed: this.#failed(),
      blocked: counts.BLOCKED,
      reused: placed.reused,
    };
  }
}
