import { rmSync } from 'node:fs';
import { type FromWorker, reapDeadAgents, workersDirectory } from '../queue/index.ts';
import {
  type ClaimedTask,
  claimTasks,
  type EndedAttempt,
  endProcess,
  processRow,
  type StopLevel,
  type Store,
  wakeDue,
} from '../store/index.ts';
import { hostResources } from '../util/index.ts';
import { Alarm } from './alarm.ts';
import { makeAssignment } from './assignment.ts';
import { Backlog } from './backlog.ts';
import { type Assignment, Crew } from './crew.ts';
import { crashedAttempt, reportedAttempt, unstartedAttempt, type WhoRan } from './ended-attempts.ts';
import { Endings } from './endings.ts';
import { Environments } from './environments.ts';
import { Ledger } from './ledger.ts';
import { Pace } from './pace.ts';
import { Planner } from './planner.ts';
import type { AgentSettings } from './settings.ts';
import { readTaskManagers } from './task-managers.ts';
import { isNeeded, look, type View } from './view.ts';
import { Watch } from './watch.ts';
import type { WorkerEnd, WorkerProcess } from './worker-process.ts';

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
  readonly #planner: Planner;
  readonly #watch: Watch;
  readonly #ledger = new Ledger();
  readonly #pace = new Pace();
  readonly #alarm = new Alarm(() => this.#cycleOrEnd());
  readonly #ended = Promise.withResolvers<void>();
  #stop: StopLevel = 0;
  #isLost = false;
  #idleSince = performance.now();
  #version = -1;

  constructor(store: Store, id: number) {
    this.#store = store;
    this.#id = id;
    const row = store.read((db) => processRow(db, id));
    this.#settings = JSON.parse(row?.settings ?? '{}') as AgentSettings;
    const host = hostResources();
    const environments = new Environments(() => this.#wake());
    const crew = new Crew(
      { queue: store.path, folder: workersDirectory(store.directory, id) },
      {
        message: (worker, message) => this.#receive(worker, message),
        exit: (worker, end) => this.#exited(worker, end),
      },
    );
    this.#crew = crew;
    this.#endings = new Endings(crew);
    this.#watch = new Watch(crew, this.#endings);
    this.#backlog = new Backlog(
      { crew, environments, host },
      {
        started: ({ run, options }) => {
          this.#endings.limit(run);
          this.#watch.begin({ declaresMemory: options.memoryBytes > 0 });
        },
        failed: ({ run }, error) =>
          this.#finish(unstartedAttempt({ id: run.task, attempts: run.attempt }, id, error)),
      },
    );
    this.#planner = new Planner({
      crew,
      backlog: this.#backlog,
      pace: this.#pace,
      host: { ...host, gpus: host.gpus.length },
    });
  }

  /** Works until there is nothing to do, or until it is told to stop. Its workers are gone then. */
  async run(): Promise<void> {
    const watch = this.#store.watch(() => this.#heedOthers());
    const wake = setInterval(() => this.#wake(), FALLBACK_MS);
    const reap = setInterval(
      () => void reapDeadAgents(this.#store).catch((error: unknown) => this.#ended.reject(error)),
      REAP_MS,
    );
    this.#wake();
    try {
      await this.#ended.promise;
    } finally {
      clearInterval(wake);
      clearInterval(reap);
      this.#alarm.close();
      this.#watch.close();
      watch.close();
    }
    rmSync(workersDirectory(this.#store.directory, this.#id), { recursive: true, force: true });
  }

  /** The machine or the batch system ends this agent: what runs is lost to infrastructure. */
  terminate(): void {
    this.#isLost = true;
    this.#stop = 2;
    this.#wake();
  }

  /** The doorbell rings for this agent's own commits as well, of which there is nothing new to learn. */
  #heedOthers(): void {
    const version = this.#store.isOpen ? this.#store.dataVersion() : 0;
    if (version === this.#version) return;
    this.#version = version;
    this.#wake();
  }

  #wake(): void {
    this.#alarm.ring();
  }

  #cycleOrEnd(): void {
    try {
      this.#cycle();
    } catch (error) {
      this.#ended.reject(error);
    }
  }

  #cycle(): void {
    const view = this.#store.read((db) => look(db, this.#id));
    this.#obey(view);
    if (view.dueMs !== undefined && view.dueMs > 0) this.#alarm.ringAt(Math.min(view.dueMs, FALLBACK_MS));
    // Workers go on while this process writes; only a failure may have to be counted first.
    if (this.#ledger.isEmpty || this.#settings.stopAtError !== true) this.#backlog.dispatch();
    if (!this.#commit(view)) {
      this.#alarm.ringLater();
      return;
    }
    this.#endIfIdle(view);
  }

  /** Commits what happened and claims what can run, in one transaction; false where another process is writing. */
  #commit({ lanes, scoped, dueMs }: View): boolean {
    const claims = this.#stop === 0 ? this.#planner.plan(lanes) : new Map<number, number>();
    if (this.#ledger.isEmpty && claims.size === 0 && dueMs !== 0) return true;
    const done = this.#store.tryWrite((tx) => {
      if (dueMs === 0) wakeDue(tx);
      const hasFailure = this.#ledger.write(tx, this.#id, this.#isLost);
      if (hasFailure && this.#settings.stopAtError === true) return undefined;
      return [...claims].flatMap(([lane, limit]) => claimTasks(tx, { agent: this.#id, lane, limit, scoped }));
    });
    if (done === undefined) return false;
    this.#alarm.calm();
    this.#ledger.clear();
    if (done.value === undefined) this.#stopAt(1);
    for (const task of done.value ?? []) this.#accept(task);
    this.#backlog.dispatch();
    // What is due now is claimed next time.
    if (dueMs === 0) this.#wake();
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
      this.#wake();
    }
    if (this.#stop === 1) return;
    const ending = { reason: 'The run was interrupted.', cause: 'stop' } as const;
    for (const task of this.#crew.assignments.keys()) this.#endings.end(task, ending);
  }

  /** A claimed task becomes an assignment; one whose input cannot be read has failed. */
  #accept(task: ClaimedTask): void {
    try {
      this.#backlog.add(makeAssignment(this.#store, task));
    } catch (error) {
      this.#finish(unstartedAttempt(task, this.#id, error));
    }
  }

  #receive(worker: WorkerProcess, message: FromWorker): void {
    if (message.type === 'ready') for (const run of worker.running) this.#endings.limit(run);
    else if (message.type === 'leaving') worker.leave();
    else if (message.type === 'waiting') this.#crew.lend(message.task);
    else if (message.type === 'resume') this.#backlog.resume(message.task);
    else {
      const { done } = message;
      const assignment = this.#crew.finish(worker, done.task);
      if (assignment === undefined) return;
      // One that failed or was killed says nothing of how long the others take.
      if (done.outcome === 'succeed') this.#pace.ended(assignment.lane, done.seconds);
      this.#record(reportedAttempt(done, this.#whoRan(worker, assignment)));
      if (this.#goOn()) return;
    }
    this.#wake();
  }

  /** A worker that finds its next task here goes on at once; what it finishes is committed with others, soon. */
  #goOn(): boolean {
    if (this.#backlog.size === 0 || this.#settings.stopAtError === true) return false;
    this.#backlog.dispatch();
    this.#alarm.ringSoon(GROUP_MS);
    return true;
  }

  #exited(worker: WorkerProcess, end: WorkerEnd): void {
    const { running, isLeaving, options } = worker;
    // Neighbours of a task that had to be ended, or that took the worker with it, did nothing wrong. Where nobody knows
    // which of them it was, each runs again alone.
    const isShared = options.slots > 1 && (isLeaving || running.length > 1);
    for (const run of running) {
      const assignment = this.#crew.finish(worker, run.task);
      if (assignment === undefined) continue;
      if (isShared && this.#endings.of(run.task) === undefined) {
        this.#endings.forget(run.task);
        this.#ledger.giveBack(run, { alone: !isLeaving });
      } else {
        const who = { ...this.#whoRan(worker, assignment), output: worker.outputOf(run.task) };
        this.#finish(crashedAttempt(run, end, who));
      }
    }
    this.#wake();
  }

  #whoRan(worker: WorkerProcess, { options, run }: Assignment): WhoRan {
    return {
      agent: this.#id,
      worker: worker.pid ?? null,
      program: run.program,
      options,
      settings: this.#settings,
      ending: this.#endings.of(run.task),
      peakMemory: this.#watch.peakOf(run.task),
    };
  }

  #finish(attempt: EndedAttempt): void {
    this.#record(attempt);
    this.#wake();
  }

  #record(attempt: EndedAttempt): void {
    this.#endings.forget(attempt.task);
    this.#watch.forget(attempt.task);
    this.#ledger.finish(this.#settings.noOut === true ? { ...attempt, out: null } : attempt);
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
