import { join } from 'node:path';
import { PipeError } from '../errors.ts';
import { type Provider, providerFrom } from '../provider/index.ts';
import { announcerOf, hasBootedSince, reapDeadAgents } from '../queue/index.ts';
import { Scheduler } from '../scheduler/index.ts';
import {
  clearScope,
  countByTaskManager,
  endProcess,
  identityOf,
  insertAgent,
  isScoped,
  leaseMs,
  liveProcesses,
  msUntilDue,
  processRow,
  type ProcessRow,
  requestStop,
  runningElsewhere,
  slotsOf,
  type Store,
  type StopLevel,
  type TaskManagerCounts,
  type Transaction,
  wakeDue,
  writeBeat,
  writeJob,
  writeSlot,
  storedObject,
} from '../store/index.ts';
import { fileEnd, isAlive, lastLines, makeQueueFolder, processIdentity } from '../util/index.ts';
import type { ManagerOptions } from './options.ts';

const MOST_FAILED_STARTS = 3;
// In each lease.
const BEATS = 8;

/** Starts, watches and stops the agents of one queue, as the manager whose row is `id`. */
export class Manager {
  readonly #store: Store;
  readonly #id: number;
  readonly #options: ManagerOptions;
  readonly #providers = new Map<string, Provider>();
  #failedStarts = 0;
  /** In milliseconds of the monotonic clock. */
  #beatAt = 0;
  /** Agents that were alive in the time of this manager. */
  readonly #seen = new Set<number>();

  constructor(store: Store, id: number, options: ManagerOptions) {
    this.#store = store;
    this.#id = id;
    this.#options = options;
    const { provider } = options;
    if (provider !== undefined) this.#providers.set(JSON.stringify(provider), provider);
  }

  /** One round: puts back what the dead held, and sees to it that there are workers for the work there is. */
  async step(): Promise<void> {
    await this.reap();
    await this.#beat();
    if (this.#store.read((db) => msUntilDue(db)) === 0) await this.#store.write((tx) => wakeDue(tx));
    if (this.#failedStarts >= MOST_FAILED_STARTS) throw this.#cannotStart();
    const { counts, agents } = this.#store.read((db) => ({
      counts: countByTaskManager(db, isScoped(db)).map((one) => this.#overridden(one)),
      agents: liveProcesses(db, 'agent'),
    }));
    for (const { id } of agents) this.#seen.add(id);
    const shared = counts.filter(({ provider }) => this.#provider(provider).sharesAgent);
    await this.#serveShared(shared, agents);
    for (const one of counts) if (!shared.includes(one)) await this.#serveByJobs(one, agents);
  }

  /** On a shared queue: shows other hosts that this manager goes on. */
  async #beat(): Promise<void> {
    if (!this.#store.isShared || performance.now() < this.#beatAt) return;
    const lease = this.#store.read(leaseMs);
    await this.#store.write((tx) => writeBeat(tx, this.#id));
    this.#beatAt = performance.now() + lease / BEATS;
  }

  /** Tells all agents to stop: 1 after their running tasks, 2 now. */
  async stopAgents(level: StopLevel): Promise<void> {
    const agents = this.#store.read((db) => liveProcesses(db, 'agent'));
    for (const { id } of agents) this.#seen.add(id);
    if (agents.every(({ stop }) => stop >= level)) return;
    await this.#store.write((tx) => {
      for (const { id } of liveProcesses(tx.db, 'agent')) requestStop(tx, id, level);
    });
  }

  /** Ends this manager, unless `mayEnd` says in the same transaction that there is work again. */
  async end(mayEnd: (tx: Transaction) => boolean): Promise<boolean> {
    return await this.#store.write((tx) => {
      if (!mayEnd(tx)) return false;
      for (const { id } of liveProcesses(tx.db, 'agent')) {
        this.#seen.add(id);
        requestStop(tx, id, 1);
      }
      clearScope(tx);
      endProcess(tx, this.#id);
      return true;
    });
  }

  /** After `end`: whether the agents that were told to stop have ended, and those of this host are gone. */
  async areAgentsGone(): Promise<boolean> {
    await this.reap();
    const rows = this.#store.read((db) => [...this.#seen].map((id) => processRow(db, id)));
    return rows.every((row) => {
      const identity = row && identityOf(row);
      return row === undefined || (row.ended !== null && !(identity && isAlive(identity)));
    });
  }

  /** Puts back what agents held that are proven dead. */
  async reap(): Promise<void> {
    const agents = this.#store.read((db) => liveProcesses(db, 'agent')).filter((row) => this.#canAsk(row));
    const byProvider = Map.groupBy(agents, ({ provider }) => provider ?? '{}');
    const ended = new Set<number>();
    for (const [provider, rows] of byProvider) {
      const states = await this.#provider(provider).status(rows.map(({ job }) => job ?? ''));
      for (const row of rows)
        if (states.get(row.job ?? '') === 'ended' || this.#isOfEarlierBoot(row)) ended.add(row.id);
    }
    const silent = agents.filter(({ id, pid }) => ended.has(id) && pid === null);
    await reapDeadAgents(this.#store, ({ id }) => ended.has(id));
    this.#failedStarts = silent.length > 0 ? this.#failedStarts + 1 : this.#failedStarts;
    if (agents.some(({ pid }) => pid !== null)) this.#failedStarts = 0;
  }

  /**
   * Whether a provider knows of an agent's job. Those of the provider that shares agents are processes of one host: it
   * can tell here that one never came, and once it has, its process itself is the proof.
   */
  #canAsk(row: ProcessRow): boolean {
    if (row.job === null) return false;
    if (!this.#provider(row.provider ?? '{}').sharesAgent) return true;
    return row.pid === null && announcerOf(row)?.host === processIdentity().host;
  }

  /** A process of this host that was about to begin when the host was reset: its number may be another's now. */
  #isOfEarlierBoot(row: ProcessRow): boolean {
    const announcer = announcerOf(row);
    const isProcess = this.#provider(row.provider ?? '{}').sharesAgent;
    return isProcess && announcer !== undefined && hasBootedSince(announcer);
  }

  /** One agent of this host serves all task managers whose provider is shared. */
  async #serveShared(counts: readonly TaskManagerCounts[], agents: readonly ProcessRow[]): Promise<void> {
    if (counts.every(({ pending }) => pending === 0)) return;
    const [first] = counts;
    if (first === undefined) return;
    const agent = agents.find(
      ({ stop, provider }) => stop === 0 && this.#provider(provider ?? '{}').sharesAgent,
    );
    const wanted = this.#wantedSlots(counts, agent?.id ?? 0);
    if (agent === undefined) {
      await this.#start(first.provider, wanted);
      return;
    }
    const held = new Map(
      this.#store.read((db) => slotsOf(db, agent.id)).map((slot) => [slot.task_manager, slot.workers]),
    );
    const more = [...wanted].filter(([taskManager, workers]) => workers > (held.get(taskManager) ?? 0));
    if (more.length === 0) return;
    const takesMore = await this.#store.write((tx) => {
      // An idle agent may have ended since.
      if (processRow(tx.db, agent.id)?.ended !== null) return false;
      for (const [task_manager, workers] of more) writeSlot(tx, { agent: agent.id, task_manager, workers });
      return true;
    });
    if (!takesMore) await this.#start(first.provider, wanted);
  }

  #wantedSlots(counts: readonly TaskManagerCounts[], agent: number): Map<number, number> {
    const elsewhere = new Map(
      this.#store
        .read((db) => runningElsewhere(db, agent))
        .map((row) => [row.taskManager, row.running] as const),
    );
    return new Map(
      counts.map(({ id, pending, running, scheduler, provider }) => {
        const others = elsewhere.get(id) ?? 0;
        const limits = { maxWorkers: this.#provider(provider).defaultMaxWorkers };
        const own = {
          pending: pending + running - others,
          running: 0,
          activeWorkers: others,
          startingWorkers: 0,
        };
        return [
          id,
          this.#bounded(Scheduler.from(storedObject(scheduler)).workersToStart(own, limits), others),
        ];
      }),
    );
  }

  /** An agent of its own for every worker, as jobs of a batch system. */
  async #serveByJobs(
    { id, provider, pending, running, scheduler }: TaskManagerCounts,
    agents: readonly ProcessRow[],
  ): Promise<void> {
    const own = agents.filter((agent) =>
      this.#store.read((db) => slotsOf(db, agent.id)).some((slot) => slot.task_manager === id),
    );
    const starting = own.filter(({ pid }) => pid === null).length;
    const limits = { maxWorkers: this.#provider(provider).defaultMaxWorkers };
    const counts = { pending, running, activeWorkers: own.length - starting, startingWorkers: starting };
    const count = this.#bounded(
      Scheduler.from(storedObject(scheduler)).workersToStart(counts, limits),
      own.length,
    );
    for (let started = 0; started < count; started++) await this.#start(provider, new Map([[id, 1]]));
  }

  #bounded(workers: number, others: number): number {
    return Math.max(0, Math.min(workers, (this.#options.maxWorkers ?? Infinity) - others));
  }

  async #start(provider: string, slots: ReadonlyMap<number, number>): Promise<void> {
    const { modes, scheduler } = this.#options;
    const settings = JSON.stringify({
      announcer: processIdentity(),
      retryAtTimeout: modes.has('retry_at_timeout'),
      noOut: modes.has('no_out'),
      stopAfterFailures: this.#options.stopAfterFailures,
      concurrency: scheduler?.concurrency,
    });
    const agent = await this.#store.write((tx) => {
      const id = insertAgent(tx, { provider, starter: this.#id, settings });
      for (const [task_manager, workers] of slots) writeSlot(tx, { agent: id, task_manager, workers });
      return id;
    });
    const log = this.#log;
    makeQueueFolder(join(log, '..'));
    const job = await this.#provider(provider).submit({
      queue: this.#store.path,
      agent,
      env: process.env,
      log,
    });
    await this.#store.write((tx) => writeJob(tx, agent, job));
  }

  #overridden(counts: TaskManagerCounts): TaskManagerCounts {
    const { provider, scheduler } = this.#options;
    return {
      ...counts,
      ...(provider === undefined ? {} : { provider: JSON.stringify(provider) }),
      ...(scheduler === undefined ? {} : { scheduler: JSON.stringify(scheduler) }),
    };
  }

  get #log(): string {
    return join(this.#store.directory, 'logs', 'agents.log');
  }

  #provider(text: string): Provider {
    const known = this.#providers.get(text) ?? providerFrom(storedObject(text));
    this.#providers.set(text, known);
    return known;
  }

  #cannotStart(): PipeError {
    return new PipeError(
      'AGENT_FAILED',
      `Agents of ${this.#store.path} end before they begin. The end of ${this.#log}:\n${lastLines(fileEnd(this.#log), 20)}`,
    );
  }
}
