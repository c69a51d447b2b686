import { rmSync } from 'node:fs';
import type { LaneOptions } from '../app/index.ts';
import { Environment } from '../environment/index.ts';
import { type FromWorker, LOSSES, reapDeadAgents, workersDirectory } from '../queue/index.ts';
import { Scheduler } from '../scheduler/index.ts';
import {
  answerKillRequest,
  claimTasks,
  type ClaimedTask,
  commitAttempts,
  type EndedAttempt,
  endProcess,
  isScoped,
  killRequests,
  loseTask,
  pendingLanes,
  type PendingLane,
  processRow,
  queueState,
  releaseTasks,
  type SlotRow,
  slotsOf,
  type StopLevel,
  Store,
  type TaskManagerRow,
  type Transaction,
} from '../store/index.ts';
import { type HostResources, hostResources } from '../util/index.ts';
import { makeAssignment } from './assignment.ts';
import { type Assignment, Crew } from './crew.ts';
import {
  crashedAttempt,
  encodeReason,
  reportedAttempt,
  unstartedAttempt,
  type WhoRan,
} from './ended-attempts.ts';
import { Environments } from './environments.ts';
import { Pace } from './pace.ts';
import { add, fits, planClaims, type Usage } from './plan-claims.ts';
import type { WorkerEnd, WorkerProcess } from './worker-process.ts';

/** What a manager may ask of its agents, in the row that announces them. */
interface AgentSettings {
  /** An attempt that ran too long is due again. */
  readonly retryAtTimeout?: boolean;
  /** Standard output is not kept, but for results. */
  readonly noOut?: boolean;
}

const IDLE_MS = 2000;
const FALLBACK_MS = 1000;
const REAP_MS = 5000;
const GRACE_MS = 10_000;

/** What the queue says when the agent looks. */
interface View {
  readonly stop: StopLevel;
  readonly kills: readonly { readonly task: number; readonly attempt: number }[];
  readonly slots: readonly SlotRow[];
  readonly scoped: boolean;
  readonly lanes: readonly PendingLane[];
  /** Whether tasks run elsewhere that may make work for this agent. */
  readonly elsewhere: boolean;
}

/**
 * Claims tasks for the workers of one host, and commits what they did: one transaction is "these are finished, release
 * their dependents, claim the next". It needs no manager alive to go on, and ends by itself when there is nothing to do.
 */
export class Agent {
  readonly #store: Store;
  readonly #id: number;
  readonly #host: HostResources = hostResources();
  readonly #crew: Crew;
  readonly #environments = new Environments(() => this.#wake());
  readonly #pace = new Pace();
  readonly #finished: EndedAttempt[] = [];
  readonly #answered = new Set<number>();
  readonly #resuming: number[] = [];
  /** Why a running task is being ended. */
  readonly #reasons = new Map<number, { readonly reason: string; readonly isTimeout: boolean }>();
  readonly #timers = new Map<number, NodeJS.Timeout[]>();
  readonly #waitingSince = new Map<number, number>();
  #backlog: Assignment[] = [];
  #givenBack: { readonly id: number; readonly number: number }[] = [];
  #stop: StopLevel = 0;
  #isLost = false;
  #idleSince = performance.now();
  #isScheduled = false;
  #retries = 0;
  readonly #settings: AgentSettings;
  readonly #ended = Promise.withResolvers<void>();

  constructor(store: Store, id: number) {
    this.#store = store;
    this.#id = id;
    const row = store.read((db) => processRow(db, id));
    this.#settings = JSON.parse(row?.settings ?? '{}') as AgentSettings;
    this.#crew = new Crew(
      { queue: store.path, folder: workersDirectory(store.directory, id) },
      {
        message: (worker, message) => this.#receive(worker, message),
        exit: (worker, end) => this.#exited(worker, end),
      },
    );
  }

  /** Works until there is nothing to do, or until it is told to stop. */
  async run(): Promise<void> {
    const watch = this.#store.watch(() => this.#wake());
    const look = setInterval(() => this.#wake(), FALLBACK_MS);
    const reap = setInterval(() => void reapDeadAgents(this.#store), REAP_MS);
    this.#wake();
    try {
      await this.#ended.promise;
    } finally {
      clearInterval(look);
      clearInterval(reap);
      watch.close();
      this.#crew.dismissIdle();
    }
    rmSync(workersDirectory(this.#store.directory, this.#id), { recursive: true, force: true });
  }

  /** The machine or the batch system ends this agent: what runs is lost to infrastructure. */
  terminate(): void {
    this.#isLost = true;
    this.#stop = 2;
    this.#wake();
  }

  #wake(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      try {
        this.#cycle();
      } catch (error) {
        this.#ended.reject(error);
      }
    });
  }

  #cycle(): void {
    const view = this.#store.read((db) => this.#look(db));
    this.#obey(view);
    const claims = this.#stop === 0 ? this.#plan(view) : new Map<number, number>();
    const hasNews = this.#finished.length + this.#givenBack.length + this.#answered.size > 0;
    if (hasNews || claims.size > 0) {
      const done = this.#store.tryWrite((tx) => this.#transact(tx, claims, view.scoped));
      if (done === undefined) {
        setTimeout(() => this.#wake(), Math.random() * Math.min(20, 2 + this.#retries++));
        return;
      }
      this.#retries = 0;
      this.#finished.length = 0;
      this.#givenBack = [];
      this.#answered.clear();
      for (const task of done.value) this.#accept(task);
    }
    this.#dispatch();
    this.#endIfIdle(view);
  }

  #look(db: Parameters<Parameters<Store['read']>[0]>[0]): View {
    const scoped = isScoped(db);
    const isPaused = queueState(db) === 'PAUSED';
    return {
      stop: processRow(db, this.#id)?.stop ?? 2,
      kills: killRequests(db, this.#id),
      slots: slotsOf(db, this.#id),
      scoped,
      lanes: isPaused ? [] : pendingLanes(db, this.#id, scoped),
      elsewhere: db.get('SELECT 1 FROM task WHERE state = 4 AND agent <> ? LIMIT 1', this.#id) !== undefined,
    };
  }

  #obey({ stop, kills, slots }: View): void {
    if (stop > this.#stop) this.#stop = stop;
    if (this.#stop > 0) this.#giveBackBacklog();
    if (this.#stop === 2)
      for (const task of this.#crew.assignments.keys()) this.#endTask(task, 'The run was interrupted.');
    for (const { task } of kills) {
      if (this.#crew.holds(task)) this.#endTask(task, 'It was killed by a user.');
      else this.#dropFromBacklog(task);
    }
    const known = this.#crew.taskManagers;
    for (const { task_manager, workers } of slots) {
      const taskManager = known.get(task_manager);
      if (taskManager !== undefined) taskManager.workers = workers;
      else known.set(task_manager, this.#taskManager(task_manager, workers));
    }
  }

  #taskManager(id: number, workers: number): Crew['taskManagers'] extends Map<number, infer T> ? T : never {
    const row = this.#store.read((db) =>
      db.get<TaskManagerRow>('SELECT * FROM task_manager WHERE id = ?', id),
    );
    const { concurrency } = Scheduler.from(JSON.parse(row?.scheduler ?? '{}'));
    return { workers, concurrency, environ: Environment.from(JSON.parse(row?.environ ?? '{}')) };
  }

  #plan({ lanes }: View): ReadonlyMap<number, number> {
    const now = performance.now();
    const held = Map.groupBy(this.#backlog, ({ taskManager }) => taskManager);
    const demands = lanes.map(({ lane, taskManager, pending, options }) => {
      const free = this.#crew.freeSlots(taskManager) - (held.get(taskManager)?.length ?? 0);
      return {
        lane,
        pending,
        free: Math.max(0, free),
        prefetch: this.#aheadOf(lane, taskManager),
        options: JSON.parse(options) as LaneOptions,
        waitingSince: this.#waitingSince.get(lane),
      };
    });
    const { claims, tooLarge } = planClaims(shareSlots(demands, lanes), {
      host: this.#amounts(),
      used: this.#used(),
      now,
    });
    for (const lane of this.#waitingSince.keys()) if (!tooLarge.has(lane)) this.#waitingSince.delete(lane);
    for (const lane of tooLarge) if (!this.#waitingSince.has(lane)) this.#waitingSince.set(lane, now);
    return claims;
  }

  /** Quick tasks are claimed ahead, as long as few wait here. */
  #aheadOf(lane: number, taskManager: number): number {
    const { workers = 0, concurrency = 1 } = this.#crew.taskManagers.get(taskManager) ?? {};
    return Math.max(0, this.#pace.ahead(lane, workers * concurrency) - this.#backlog.length);
  }

  #amounts(): { cores: number; memoryBytes: number; gpus: number } {
    return { ...this.#host, gpus: this.#host.gpus.length };
  }

  #used(): Usage {
    return this.#backlog
      .filter(({ options }) => options.cores > 0)
      .reduce((used, { options }) => add(used, options), this.#crew.usage);
  }

  #transact(tx: Transaction, claims: ReadonlyMap<number, number>, scoped: boolean): ClaimedTask[] {
    if (this.#isLost) this.#loseRunning(tx);
    commitAttempts(
      tx,
      this.#isLost ? this.#finished.filter(({ outcome }) => outcome !== 'stop') : this.#finished,
    );
    releaseTasks(tx, this.#id, this.#givenBack);
    for (const task of this.#answered) answerKillRequest(tx, this.#id, task);
    return [...claims].flatMap(([lane, limit]) => claimTasks(tx, { agent: this.#id, lane, limit, scoped }));
  }

  /** What was ended because the agent was is nobody's fault. */
  #loseRunning(tx: Transaction): void {
    const error = encodeReason('TASK_KILLED', 'Its agent was told to end.');
    const ended = this.#finished.filter(({ outcome }) => outcome === 'stop');
    for (const { task, number } of ended) {
      const core = tx.core(task);
      if (core?.attempts === number && core.agent === this.#id) {
        loseTask(tx, core, { proven: true, started: true, error, limit: LOSSES });
      }
    }
  }

  /** A claimed task becomes an assignment; one whose input cannot be read has failed. */
  #accept(task: ClaimedTask): void {
    try {
      this.#backlog.push(makeAssignment(this.#store, task));
    } catch (error) {
      this.#finish(unstartedAttempt(task, this.#id, error));
    }
  }

  #dispatch(): void {
    for (const task of this.#resuming.splice(0)) {
      if (this.#crew.takeBack(task)) this.#crew.workerOf(task)?.send({ type: 'granted', task });
      else this.#resuming.push(task);
    }
    const waiting: Assignment[] = [];
    for (const assignment of this.#backlog) if (!this.#start(assignment)) waiting.push(assignment);
    this.#backlog = waiting;
  }

  #start(assignment: Assignment): boolean {
    const { taskManager, run, options, cwd } = assignment;
    const crew = this.#crew.taskManagers.get(taskManager);
    // An earlier attempt that is still being ended goes first.
    if (crew === undefined || this.#crew.freeSlots(taskManager) < 1 || this.#crew.holds(run.task))
      return false;
    if (!fits(options, this.#crew.usage, this.#amounts())) return false;
    const env = this.#environments.of(taskManager, crew.environ, cwd);
    if (env === undefined) return false;
    if ('error' in env) {
      this.#finish(unstartedAttempt({ id: run.task, attempts: run.attempt }, this.#id, env.error));
      return true;
    }
    const busy = this.#crew.busyGpus;
    assignment.gpus = this.#host.gpus.filter((gpu) => !busy.has(gpu)).slice(0, options.gpus);
    if (assignment.gpus.length > 0) Object.assign(run.env, { CUDA_VISIBLE_DEVICES: assignment.gpus.join() });
    this.#crew.start(assignment, { ...env.values, ...threadVariables(options, env.values) });
    if (options.timeoutSeconds !== null) {
      const { timeoutSeconds } = options;
      this.#later(run.task, timeoutSeconds * 1000, () =>
        this.#endTask(run.task, `It ran longer than its timeoutSeconds: ${timeoutSeconds}.`, true),
      );
    }
    return true;
  }

  #receive(worker: WorkerProcess, message: FromWorker): void {
    if (message.type === 'waiting') this.#crew.lend(message.task);
    else if (message.type === 'resume') this.#resuming.push(message.task);
    else if (message.type === 'done') {
      const { done } = message;
      const assignment = this.#crew.finish(worker, done.task);
      if (assignment === undefined) return;
      this.#pace.ended(assignment.lane, done.seconds);
      this.#finish(reportedAttempt(done, this.#whoRan(worker, assignment)));
    } else return;
    this.#wake();
  }

  #exited(worker: WorkerProcess, end: WorkerEnd): void {
    const { running } = worker;
    const isEnded = running.some(({ task }) => this.#reasons.has(task));
    for (const run of running) {
      const assignment = this.#crew.finish(worker, run.task);
      if (assignment === undefined) continue;
      // Neighbours of a task that had to be ended did nothing wrong.
      if (isEnded && !this.#reasons.has(run.task))
        this.#givenBack.push({ id: run.task, number: run.attempt });
      else
        this.#finish(
          crashedAttempt(run, end, {
            ...this.#whoRan(worker, assignment),
            output: worker.outputOf(run.task),
          }),
        );
    }
    this.#wake();
  }

  #whoRan(worker: WorkerProcess, { options, run }: Assignment): WhoRan {
    const ended = this.#reasons.get(run.task);
    const mayRetry = ended === undefined || (ended.isTimeout && this.#settings.retryAtTimeout === true);
    return {
      agent: this.#id,
      worker: worker.pid ?? null,
      retries: ended !== undefined && mayRetry ? Infinity : mayRetry ? options.retries : 0,
      program: run.program,
      reason: ended?.reason,
    };
  }

  #finish(attempt: EndedAttempt): void {
    for (const timer of this.#timers.get(attempt.task) ?? []) clearTimeout(timer);
    this.#timers.delete(attempt.task);
    this.#reasons.delete(attempt.task);
    this.#finished.push(this.#settings.noOut === true ? { ...attempt, out: null } : attempt);
    this.#answered.add(attempt.task);
    this.#wake();
  }

  /** TERM, 10 s, KILL, for the whole process group of its worker; an overlapping task is asked first. */
  #endTask(task: number, reason: string, isTimeout = false): void {
    const worker = this.#crew.workerOf(task);
    if (worker === undefined || this.#reasons.has(task)) return;
    this.#reasons.set(task, { reason, isTimeout });
    if (worker.options.slots === 1) worker.signal('SIGTERM');
    else worker.send({ type: 'abort', task, reason });
    this.#later(task, GRACE_MS, () => worker.signal('SIGKILL'));
  }

  #later(task: number, ms: number, act: () => void): void {
    const timer = setTimeout(act, Math.min(ms, 2 ** 31 - 1));
    this.#timers.set(task, [...(this.#timers.get(task) ?? []), timer]);
  }

  #giveBackBacklog(): void {
    for (const { run } of this.#backlog) this.#givenBack.push({ id: run.task, number: run.attempt });
    this.#backlog = [];
  }

  #dropFromBacklog(task: number): void {
    this.#backlog = this.#backlog.filter(({ run }) => run.task !== task);
    this.#answered.add(task);
    this.#wake();
  }

  #endIfIdle({ elsewhere, lanes }: View): void {
    const isBusy = this.#crew.assignments.size + this.#backlog.length + this.#finished.length > 0;
    if (isBusy || (this.#stop === 0 && (elsewhere || lanes.length > 0))) {
      this.#idleSince = performance.now();
      return;
    }
    if (this.#stop === 0 && performance.now() - this.#idleSince < IDLE_MS) return;
    const done = this.#store.tryWrite((tx) => {
      const hasWork = this.#stop === 0 && pendingLanes(tx.db, this.#id, isScoped(tx.db)).length > 0;
      if (!hasWork) endProcess(tx, this.#id);
      return !hasWork;
    });
    if (done?.value === true) this.#ended.resolve();
    else this.#wake();
  }
}

/** Lanes of one task manager share its free slots, in the order of the lanes. */
function shareSlots<T extends { readonly free: number; readonly pending: number }>(
  demands: readonly T[],
  lanes: readonly PendingLane[],
): T[] {
  const taken = new Map<number, number>();
  return demands.map((demand, index) => {
    const taskManager = lanes[index]?.taskManager ?? 0;
    const before = taken.get(taskManager) ?? 0;
    const free = Math.max(0, demand.free - before);
    taken.set(taskManager, before + Math.min(free, demand.pending));
    return { ...demand, free };
  });
}

/** How many cores a task may use, for libraries that look there; what the user declared stays. */
function threadVariables(
  { cores }: LaneOptions,
  env: Readonly<Record<string, string>>,
): Record<string, string> {
  const count = String(Math.max(1, cores));
  return { TSPIPE_CORES: count, OMP_NUM_THREADS: env.OMP_NUM_THREADS ?? count };
}
