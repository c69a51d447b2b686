import { rmSync } from 'node:fs';
import { type FromWorker, reapDeadAgents, workersDirectory } from '../queue/index.ts';
import {
  type ClaimedTask,
  claimTasks,
  endProcess,
  noteSlow,
  processRow,
  type StopLevel,
  type Store,
  wakeDue,
} from '../store/index.ts';
import { hostResources } from '../util/index.ts';
import { Alarm } from './alarm.ts';
import { makeAssignment } from './assignment.ts';
import { Backlog } from './backlog.ts';
import { Crew } from './crew.ts';
import { Endings } from './endings.ts';
import { Environments } from './environments.ts';
import { FullDisk } from './full-disk.ts';
import { Ledger } from './ledger.ts';
import { Outcomes } from './outcomes.ts';
import { Pace } from './pace.ts';
import { Planner } from './planner.ts';
import type { AgentSettings } from './settings.ts';
import { Slowdown } from './slowdown.ts';
import { Standstill } from './standstill.ts';
import { readTaskManagers } from './task-managers.ts';
import { isNeeded, look, type View } from './view.ts';
import { Watch } from './watch.ts';
import type { WorkerProcess } from './worker-process.ts';

const IDLE_MS = 2000;
const FALLBACK_MS = 1000;
// Quick tasks are committed together; a result is never held back for longer.
const GROUP_MS = 2;
const REAP_MS = 5000;
// An agent without work stays for a task that is due so soon; for later ones a manager starts another.
const DUE_SOON_MS = 2000;

/**
 * Claims tasks for the workers of one host, and commits what they did: one transaction is "these are finished, release
 * their dependents, claim the next". It needs no manager alive to go on, and ends by itself when there is nothing to do.
 */
export class Agent {
  readonly #store: Store;
  readonly #id: number;
  readonly #settings: AgentSettings;
  readonly #crew: Crew;
  readonly #backlog: Backlog;
  readonly #endings: Endings;
  readonly #standstill: Standstill;
  readonly #planner: Planner;
  readonly #watch: Watch;
  readonly #outcomes: Outcomes;
  readonly #slowdown = new Slowdown();
  readonly #ledger = new Ledger();
  readonly #pace = new Pace();
  readonly #disk = new FullDisk();
  readonly #alarm = new Alarm(() => this.#cycleOrEnd());
  readonly #ended = Promise.withResolvers<void>();
  #stop: StopLevel = 0;
  #isLost = false;
  /** Tasks that failed for good. */
  #failures = 0;
  #idleSince = performance.now();
  #version = -1;

  constructor(store: Store, id: number) {
    this.#store = store;
    this.#id = id;
    const row = store.read((db) => processRow(db, id));
    this.#settings = JSON.parse(row?.settings ?? '{}') as AgentSettings;
    const host = hostResources();
    const environments = new Environments(() => this.#alarm.ring());
    const crew = new Crew(
      { queue: store.path, folder: workersDirectory(store.directory, id) },
      {
        message: (worker, message) => this.#receive(worker, message),
        exit: (worker, end) => {
          this.#outcomes.exit(worker, end);
          this.#alarm.ring();
        },
      },
    );
    this.#crew = crew;
    this.#endings = new Endings(crew);
    this.#standstill = new Standstill(crew, this.#endings);
    this.#watch = new Watch(crew, this.#endings);
    this.#outcomes = new Outcomes({
      agent: id,
      settings: this.#settings,
      crew,
      endings: this.#endings,
      watch: this.#watch,
      ledger: this.#ledger,
      pace: this.#pace,
      slowdown: this.#slowdown,
    });
    this.#backlog = new Backlog(
      { crew, environments, host },
      {
        started: ({ run }) => {
          this.#endings.limit(run);
          this.#watch.begin(run.task);
        },
        failed: ({ run }, error) => this.#fail({ id: run.task, attempts: run.attempt }, error),
      },
    );
    this.#planner = new Planner({ crew, backlog: this.#backlog, pace: this.#pace, host });
  }

  /** Works until there is nothing to do, or until it is told to stop. Its workers are gone then. */
  async run(): Promise<void> {
    const watch = this.#store.watch(() => this.#heedOthers());
    this.#alarm.ringEvery(FALLBACK_MS);
    const reap = setInterval(
      () => void reapDeadAgents(this.#store).catch((error: unknown) => this.#heed(error)),
      REAP_MS,
    );
    this.#alarm.ring();
    try {
      await this.#ended.promise;
    } finally {
      clearInterval(reap);
      this.#alarm.close();
      await this.#watch.close();
      watch.close();
    }
    rmSync(workersDirectory(this.#store.directory, this.#id), { recursive: true, force: true });
  }

  /** The machine or the batch system ends this agent: what runs is lost to infrastructure. */
  terminate(): void {
    this.#isLost = true;
    this.#stop = 2;
    this.#alarm.ring();
  }

  /** The doorbell rings for this agent's own commits as well, of which there is nothing new to learn. */
  #heedOthers(): void {
    const version = this.#store.isOpen ? this.#store.dataVersion() : 0;
    if (version === this.#version) return;
    this.#version = version;
    this.#alarm.ring();
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
    this.#store.assertCurrent();
    const now = performance.now();
    const paused = this.#holdBack(now);
    const view = this.#store.read((db) => look(db, this.#id, paused));
    this.#obey(view);
    const next = Math.min(view.dueMs || Infinity, this.#slowdown.msUntilNext(now) ?? Infinity);
    if (next < Infinity) this.#alarm.ringAt(Math.min(next, FALLBACK_MS));
    // Workers go on while this process writes; only a failure may have to be counted first.
    if (this.#ledger.isEmpty || this.#settings.stopAfterFailures === undefined) this.#backlog.dispatch();
    if (!this.#commit(view)) {
      this.#alarm.ringLater();
      return;
    }
    this.#endIfIdle(view);
  }

  /** Commits what happened and claims what can run, in one transaction; false where another process is writing. */
  #commit({ lanes, scoped, dueMs, paused }: View): boolean {
    const { stopAfterFailures = Infinity } = this.#settings;
    const claims = this.#stop === 0 ? this.#planner.plan(lanes) : new Map<number, number>();
    if (this.#ledger.isEmpty && claims.size === 0 && dueMs !== 0) return true;
    const done = this.#store.tryWrite((tx) => {
      if (dueMs === 0) wakeDue(tx);
      noteSlow(tx, this.#slowdown.news);
      const failures = this.#ledger.write(tx, this.#id, this.#isLost);
      if (this.#failures + failures >= stopAfterFailures) return { failures, claimed: [] };
      const wanted = { agent: this.#id, scoped, except: paused };
      return {
        failures,
        claimed: [...claims].flatMap(([lane, limit]) => claimTasks(tx, { ...wanted, lane, limit })),
      };
    });
    if (done === undefined) return false;
    this.#alarm.calm();
    this.#disk.hasRoom();
    this.#ledger.clear();
    this.#slowdown.forgetNews();
    this.#failures += done.value.failures;
    if (this.#failures >= stopAfterFailures) this.#stopAt(1);
    for (const task of done.value.claimed) this.#accept(task);
    this.#backlog.dispatch();
    // What is due now is claimed next time.
    if (dueMs === 0) this.#alarm.ring();
    return true;
  }

  #obey({ stop, kills, slots }: View): void {
    this.#stopAt(stop);
    for (const { task } of kills) {
      if (this.#crew.holds(task))
        this.#endings.end(task, { reason: 'It was killed by a user.', cause: 'kill' });
      else {
        this.#backlog.take(task);
        this.#ledger.answer(task);
      }
    }
    const { concurrency } = this.#settings;
    readTaskManagers(this.#store, slots, { known: this.#crew.taskManagers, concurrency });
  }

  #stopAt(level: StopLevel): void {
    if (level > this.#stop) this.#stop = level;
    if (this.#stop === 0) return;
    for (const { run } of this.#backlog.takeAll()) {
      this.#ledger.giveBack(run);
      this.#alarm.ring();
    }
    if (this.#stop === 1) {
      this.#standstill.look(performance.now());
      return;
    }
    const ending = { reason: 'The run was interrupted.', cause: 'stop' } as const;
    for (const task of this.#crew.assignments.keys()) this.#endings.end(task, ending);
  }

  /** A claimed task becomes an assignment; one whose input cannot be read has failed. */
  #accept(task: ClaimedTask): void {
    try {
      this.#backlog.add(makeAssignment(this.#store, task));
    } catch (error) {
      this.#fail(task, error);
    }
  }

  #fail(task: { readonly id: number; readonly attempts: number }, error: unknown): void {
    this.#outcomes.fail(task, error);
    this.#alarm.ring();
  }

  #receive(worker: WorkerProcess, message: FromWorker): void {
    if (message.type === 'ready') for (const run of worker.running) this.#endings.limit(run);
    else if (message.type === 'leaving') worker.leave();
    else if (message.type === 'waiting') this.#crew.lend(message.task);
    else if (message.type === 'resume') this.#backlog.resume(message.task);
    else {
      if (!this.#outcomes.report(worker, message.done)) return;
      this.#holdBack(performance.now());
      if (this.#goOn()) return;
    }
    this.#alarm.ring();
  }

  /** Gives back what was claimed ahead of apps that start slowly; returns these apps. */
  #holdBack(now: number): readonly number[] {
    const paused = this.#slowdown.paused(now);
    for (const { run } of this.#backlog.takeOf(paused)) this.#ledger.giveBack(run);
    return paused;
  }

  /** A worker that finds its next task here goes on at once; what it finishes is committed with others, soon. */
  #goOn(): boolean {
    if (this.#backlog.size === 0 || this.#settings.stopAfterFailures !== undefined) return false;
    this.#backlog.dispatch();
    this.#alarm.ringSoon(GROUP_MS);
    return true;
  }

  #endIfIdle({ elsewhere, lanes, dueMs = Infinity }: View): void {
    const isBusy = this.#crew.assignments.size + this.#backlog.size > 0 || !this.#ledger.isEmpty;
    const isDueSoon = dueMs < DUE_SOON_MS;
    if (isBusy || (this.#stop === 0 && (elsewhere || lanes.length > 0 || isDueSoon))) {
      this.#idleSince = performance.now();
      return;
    }
    const isPatient = this.#stop === 0;
    if (isPatient && performance.now() - this.#idleSince < IDLE_MS) return;
    if (isPatient && this.#store.read((db) => isNeeded(db, this.#id))) return;
    // The exit of the last one comes back here.
    if (this.#crew.dismissIdle() > 0) return;
    const done = this.#store.tryWrite((tx) => {
      const hasWork = isPatient && isNeeded(tx.db, this.#id);
      if (!hasWork) endProcess(tx, this.#id);
      return !hasWork;
    });
    if (done?.value === true) this.#ended.resolve();
    else this.#alarm.ringLater();
  }
}
