import { rmSync } from 'node:fs';
import { type FromWorker, reapDeadAgents, workersDirectory } from '../queue/index.ts';
import { type Database, processRow, type Store } from '../store/index.ts';
import { type HostResources, hostResources } from '../util/index.ts';
import { Alarm } from './alarm.ts';
import { readProgram } from './assignment.ts';
import { Backlog } from './backlog.ts';
import { Crew } from './crew.ts';
import { Endings } from './endings.ts';
import { Environments } from './environments.ts';
import { Exchange } from './exchange.ts';
import { startFirstWorker } from './first-worker.ts';
import { FullDisk } from './full-disk.ts';
import { heedMessage } from './heed-message.ts';
import { Idleness } from './idleness.ts';
import { Lease } from './lease.ts';
import { Ledger } from './ledger.ts';
import { Orders } from './orders.ts';
import { Outcomes } from './outcomes.ts';
import { Pace } from './pace.ts';
import { Planner } from './planner.ts';
import { Recall } from './recall.ts';
import type { AgentSettings } from './settings.ts';
import { SecretGuard } from './secret-guard.ts';
import { Slowdown } from './slowdown.ts';
import { Gaps, type Tempo, tempoOf } from './tempo.ts';
import { Lookout, type View } from './view.ts';
import { Watch } from './watch.ts';
import type { WorkerProcess } from './worker-process.ts';

const FALLBACK_MS = 1000;
// Quick tasks are committed together; a result is never held back for longer.
const GROUP_MS = 4;
// The result of a task that took so long is committed at once.
const SLOW_SECONDS = 0.005;

/**
 * Claims tasks for the workers of one host, and commits what they did: one transaction is "these are finished, release
 * their dependents, claim the next". It needs no manager alive to go on, and ends by itself when there is nothing to do.
 */
export class Agent {
  readonly #store: Store;
  readonly #id: number;
  readonly #settings: AgentSettings;
  readonly #crew: Crew;
  /** Read once the first worker is on its way: it takes a dozen small files. */
  #host: HostResources | undefined;
  readonly #secrets = new SecretGuard();
  readonly #environments = new Environments(this.#secrets, () => this.#alarm.ring());
  readonly #backlog: Backlog;
  readonly #endings: Endings;
  readonly #recall: Recall;
  readonly #idleness: Idleness;
  readonly #orders: Orders;
  readonly #exchange: Exchange;
  readonly #lookout: Lookout;
  readonly #watch: Watch;
  readonly #outcomes: Outcomes;
  readonly #slowdown = new Slowdown();
  readonly #ledger = new Ledger();
  readonly #tempo: Tempo;
  readonly #gaps: Gaps;
  readonly #lease: Lease | undefined;
  readonly #pace: Pace;
  readonly #disk = new FullDisk();
  readonly #alarm = new Alarm(() => this.#cycleOrEnd());
  readonly #ended = Promise.withResolvers<void>();
  #isLost = false;
  #isDispatching = false;
  #version = -1;

  constructor(store: Store, id: number) {
    this.#store = store;
    this.#id = id;
    const row = store.read((db) => processRow(db, id));
    this.#settings = JSON.parse(row?.settings ?? '{}') as AgentSettings;
    this.#tempo = tempoOf(store);
    this.#gaps = new Gaps(this.#tempo);
    this.#pace = new Pace(this.#tempo.aheadMs);
    this.#lease = store.isShared
      ? new Lease(store, id, { due: () => this.#alarm.ring(), over: () => this.terminate() })
      : undefined;
    const folder = workersDirectory(store.directory, id);
    const crew = new Crew(
      { queue: store.path, folder, readProgram: (program) => readProgram(store, program) },
      {
        started: (assignment) => {
          this.#endings.limit(assignment);
          this.#watch.begin(assignment.task);
        },
        message: (worker, message) => this.#receive(worker, message),
        exit: (worker, end) => {
          this.#backlog.putBack(worker.takeAhead());
          this.#outcomes.exit(worker, end);
          this.#alarm.ring();
        },
      },
    );
    this.#crew = crew;
    this.#lookout = new Lookout(id);
    this.#endings = new Endings(crew);
    this.#watch = new Watch(crew, this.#endings);
    const shared = {
      store,
      agent: id,
      settings: this.#settings,
      host: () => (this.#host ??= hostResources()),
      crew,
      lookout: this.#lookout,
      endings: this.#endings,
      watch: this.#watch,
      ledger: this.#ledger,
      pace: this.#pace,
      lease: this.#lease,
      keptLooks: this.#tempo.keptLooks,
      slowdown: this.#slowdown,
      secrets: this.#secrets,
      ring: () => this.#alarm.ring(),
    };
    this.#outcomes = new Outcomes(shared);
    const backlog = new Backlog({
      ...shared,
      environments: this.#environments,
      // Only a failure that is counted tells whether more may start.
      sendsAhead: this.#settings.stopAfterFailures === undefined,
      failed: ({ task, attempt }, error) => this.#fail({ id: task, attempts: attempt }, error),
    });
    this.#backlog = backlog;
    this.#exchange = new Exchange({ ...shared, planner: new Planner({ ...shared, backlog }) });
    this.#recall = new Recall({
      ...shared,
      backlog,
      cameBack: () => this.#dispatch(),
      giveBack: (assignments) => this.#orders.giveBack(assignments),
    });
    this.#orders = new Orders({ ...shared, backlog, recall: this.#recall });
    this.#idleness = new Idleness({
      ...shared,
      ended: () => this.#ended.resolve(),
      tryLater: () => this.#alarm.ringLater(),
    });
  }

  /** Starts what is sure to be needed: to be called in the transaction in which this agent says that it is there. */
  prepare(db: Database): void {
    const view = this.#lookout.look(db, []);
    this.#exchange.heedSlots(view);
    startFirstWorker(view.lanes, { crew: this.#crew, environments: this.#environments });
  }

  /** Works until there is nothing to do, or until it is told to stop. Its workers are gone then. */
  async run(): Promise<void> {
    const watch = this.#store.watch(() => this.#heedOthers());
    this.#alarm.ringEvery(this.#tempo.fallbackMs);
    const reap = setInterval(
      () => void reapDeadAgents(this.#store).catch((error: unknown) => this.#heed(error)),
      this.#tempo.reapMs,
    );
    this.#alarm.ring();
    try {
      await this.#ended.promise;
    } finally {
      clearInterval(reap);
      this.#alarm.close();
      this.#recall.close();
      await this.#watch.close();
      await this.#lease?.close();
      watch.close();
    }
    rmSync(workersDirectory(this.#store.directory, this.#id), { recursive: true, force: true });
  }

  /** The machine or the batch system ends this agent: what runs is lost to infrastructure. */
  terminate(): void {
    this.#isLost = true;
    this.#orders.stopAt(2);
    this.#alarm.ring();
  }

  /** The doorbell rings for this agent's own commits as well, of which there is nothing new to learn. */
  #heedOthers(): void {
    const version = this.#store.isOpen ? this.#store.dataVersion() : 0;
    if (version === this.#version) return;
    this.#version = version;
    this.#alarm.ringNow();
  }

  #cycleOrEnd(): void {
    try {
      this.#cycle();
    } catch (error) {
      this.#heed(error);
    }
  }

  /** What is finished is kept here until there is room for it. */
  #heed(error: unknown): void {
    if (this.#disk.isReason(error)) this.#alarm.ringLater(FALLBACK_MS);
    else this.#ended.reject(error);
  }

  #cycle(): void {
    const now = performance.now();
    const paused = this.#holdBack(now);
    const { msLeft } = this.#gaps;
    if (msLeft > 0) {
      this.#dispatch();
      this.#alarm.ringSoon(msLeft);
      return;
    }
    // To look takes the lock of a shared queue as well.
    const seen = this.#ledger.isEmpty && !this.#store.isShared ? this.#exchange.look(paused) : undefined;
    if (seen !== undefined) this.#obey(seen);
    const view =
      seen !== undefined && !this.#exchange.hasWork(seen, this.#orders.stop === 0)
        ? seen
        : this.#write(paused);
    if (view === undefined) {
      this.#alarm.ringLater();
      return;
    }
    // What is due now is claimed next time.
    if (view.dueMs === 0) this.#alarm.ring();
    const next = Math.min(view.dueMs || Infinity, this.#slowdown.msUntilNext(now) ?? Infinity);
    if (next < Infinity) this.#alarm.ringAt(Math.min(next, FALLBACK_MS));
    this.#dispatch();
    const isBusy = this.#crew.assignments.size + this.#backlog.size > 0 || !this.#ledger.isEmpty;
    if (isBusy) this.#idleness.interrupt();
    else this.#idleness.look(view, this.#orders.stop !== 0);
  }

  /** Commits and claims; returns what the queue says then, or undefined where another process is writing. */
  #write(paused: readonly number[]): View | undefined {
    const began = performance.now();
    const done = this.#exchange.write({ paused, mayClaim: this.#orders.stop === 0, isLost: this.#isLost });
    if (done === undefined) return undefined;
    this.#gaps.wrote(performance.now() - began);
    this.#alarm.calm();
    this.#disk.hasRoom();
    if (done.isOver) this.#orders.stopAt(1);
    for (const { task, error } of done.claimed.unreadable) this.#fail(task, error);
    this.#backlog.add(done.claimed.assignments);
    this.#obey(done.view);
    return done.view;
  }

  #dispatch(): void {
    this.#backlog.dispatch();
    this.#recall.watch();
  }

  /** Once for all that came together. */
  #dispatchSoon(): void {
    if (this.#isDispatching) return;
    this.#isDispatching = true;
    queueMicrotask(() => {
      this.#isDispatching = false;
      this.#holdBack(performance.now());
      this.#dispatch();
    });
  }

  #obey(view: View): void {
    this.#orders.obey(view);
    this.#exchange.heedSlots(view);
  }

  #fail(task: { readonly id: number; readonly attempts: number }, error: unknown): void {
    this.#outcomes.fail(task, error);
    this.#alarm.ring();
  }

  #receive(worker: WorkerProcess, message: FromWorker): void {
    if (message.type === 'done') {
      if (!this.#outcomes.report(worker, message.done)) return;
      if (message.done.seconds < SLOW_SECONDS && this.#goOn()) return;
    } else heedMessage(worker, message, { crew: this.#crew, backlog: this.#backlog, endings: this.#endings });
    this.#alarm.ring();
  }

  /** What quick tasks did is committed with others, soon; their workers go on with what is here. */
  #goOn(): boolean {
    if (this.#backlog.size + this.#crew.aheadCount === 0 || this.#settings.stopAfterFailures !== undefined)
      return false;
    this.#dispatchSoon();
    this.#alarm.ringSoon(GROUP_MS);
    return true;
  }

  /** Gives back what was claimed ahead of apps that start slowly; returns these apps. */
  #holdBack(now: number): readonly number[] {
    const paused = this.#slowdown.paused(now);
    if (paused.length > 0) this.#orders.holdBack(paused);
    return paused;
  }
}
