import type { Environment } from '../environment/index.ts';
import { residentBytes } from '../util/index.ts';
import type { Assignment, Workload } from './assignment.ts';
import { add, NOTHING_USED, type Usage } from './plan-claims.ts';
import {
  type Order,
  type ReadProgram,
  type WorkerEvents,
  type WorkerOptions,
  WorkerProcess,
} from './worker-process.ts';

/** What the crew knows of a task manager. */
export interface CrewTaskManager {
  /** How many workers may run on this host. */
  workers: number;
  /** Tasks that a worker overlaps. */
  readonly concurrency: number;
  readonly environ: Environment;
}

export interface CrewEvents extends WorkerEvents {
  /** A task is in a slot of a worker. */
  readonly started: (assignment: Assignment) => void;
}

interface CrewPlace {
  readonly queue: string;
  readonly folder: string;
  readonly readProgram: ReadProgram;
}

const FILES_STAY_MS = 5000;

/** The workers of an agent: who is free, who runs what, whose slot is lent. */
export class Crew {
  readonly taskManagers = new Map<number, CrewTaskManager>();
  /** The tasks in slots, by row id. */
  readonly assignments = new Map<number, Assignment>();
  readonly #workers = new Set<WorkerProcess>();
  readonly #lent = new Set<number>();
  readonly #place: CrewPlace;
  readonly #events: CrewEvents;
  #number = 0;

  constructor(place: CrewPlace, events: CrewEvents) {
    this.#place = place;
    this.#events = {
      ...events,
      exit: (worker, end) => {
        this.#workers.delete(worker);
        events.exit(worker, end);
        // Whoever shows what tasks print may want to read to the end.
        setTimeout(() => worker.removeFiles(), FILES_STAY_MS).unref();
      },
    };
  }

  /** Slots of a task manager that could take a task now. */
  freeSlots(taskManager: number): number {
    const { workers = 0, concurrency = 1 } = this.taskManagers.get(taskManager) ?? {};
    return workers * concurrency - this.#busySlots(taskManager);
  }

  /** What the tasks that hold their slots take of this host. */
  get usage(): Usage {
    let usage = NOTHING_USED;
    for (const [task, { workload }] of this.assignments)
      if (!this.#lent.has(task)) usage = add(usage, workload.options);
    return usage;
  }

  get busyGpus(): ReadonlySet<string> {
    return new Set([...this.assignments.values()].flatMap(({ gpus }) => gpus));
  }

  /** Whether a task is under way here, also one that is being ended. */
  holds(task: number): boolean {
    return this.assignments.has(task);
  }

  /** Workers with a task. */
  get busyWorkers(): readonly WorkerProcess[] {
    return [...this.#workers].filter(({ running }) => running.length > 0);
  }

  /** Workers that were sent more than they can begin. */
  get workersAhead(): readonly WorkerProcess[] {
    return [...this.#workers].filter(({ aheadCount }) => aheadCount > 0);
  }

  /** Tasks that were sent ahead. */
  get aheadCount(): number {
    let count = 0;
    for (const worker of this.#workers) count += worker.aheadCount;
    return count;
  }

  /** Whether a worker was sent a task ahead. */
  isAhead(task: number): boolean {
    return this.workersAhead.some((worker) => worker.holds(task)) && !this.holds(task);
  }

  workerOf(task: number): WorkerProcess | undefined {
    const assignment = this.assignments.get(task);
    if (assignment === undefined) return undefined;
    for (const worker of this.#workers) if (worker.running.includes(assignment)) return worker;
    return undefined;
  }

  /** Gives a task to a free worker of its task manager and folder, or to a new one with these variables. */
  start(order: Order, variables: Readonly<Record<string, string>>): void {
    const { assignment } = order;
    const { taskManager } = assignment.workload;
    const own = [...this.#workers].filter((worker) => worker.options.taskManager === taskManager);
    const free = own.find((worker) => worker.free > 0 && suits(worker, assignment));
    const worker = free ?? this.#replaceIdle(own, order, variables);
    worker.run(order);
    this.#begin(assignment);
  }

  /** Starts a worker for tasks that are about to come. */
  prepare({ taskManager, cwd }: Pick<Workload, 'taskManager' | 'cwd'>, env: WorkerOptions['env']): void {
    this.#hire({ taskManager, cwd, env, slots: 1, isForOne: false });
  }

  /**
   * Sends a task to the busy worker that holds the fewest beyond its slots, where one holds less than `limit`; else
   * false. One whose tasks all wait for others is not busy, nor is one that is there because of such.
   */
  startAhead(order: Order, limit: number): boolean {
    const { assignment } = order;
    let least: WorkerProcess | undefined;
    for (const worker of this.#workers) {
      if (!worker.isReady || worker.isLeaving || worker.aheadCount >= (least?.aheadCount ?? limit)) continue;
      if (worker.options.taskManager !== assignment.workload.taskManager) continue;
      if (this.#isBusy(worker) && suits(worker, assignment)) least = worker;
    }
    least?.run(order);
    return least !== undefined;
  }

  /** The task is over; its slot and resources are free, or another's. */
  finish(worker: WorkerProcess, task: number): Assignment | undefined {
    const assignment = this.assignments.get(task);
    this.#lent.delete(task);
    this.assignments.delete(task);
    if (assignment === undefined) return undefined;
    worker.release(assignment);
    this.#promote(worker);
    if (worker.isLeaving && worker.running.length === 0) worker.dismiss();
    return assignment;
  }

  /** Tasks that a worker declines to begin, by the numbers of its orders. */
  decline(worker: WorkerProcess, orders: readonly number[]): readonly Assignment[] {
    const declined = worker.takeDeclined(orders);
    for (const { task } of declined) this.assignments.delete(task);
    this.#promote(worker);
    return declined;
  }

  /** Whether there are tasks under way, and each waits for another. */
  get areAllLent(): boolean {
    return this.assignments.size > 0 && this.assignments.size === this.#lent.size;
  }

  lend(task: number): void {
    this.#lent.add(task);
  }

  /** Gives a waiting task its slot back, where one is free. */
  takeBack(task: number): boolean {
    const assignment = this.assignments.get(task);
    if (assignment === undefined) return true;
    if (this.freeSlots(assignment.workload.taskManager) < 1) return false;
    this.#lent.delete(task);
    return true;
  }

  /** Lets workers without tasks end; returns how many workers there are still. */
  dismissIdle(): number {
    for (const worker of this.#workers) if (worker.running.length === 0) worker.dismiss();
    return this.#workers.size;
  }

  /** Whether a task that runs alone finds a worker to take the place of, now. */
  hasRoomAlone(taskManager: number): boolean {
    const { workers = 0 } = this.taskManagers.get(taskManager) ?? {};
    const busy = [...this.#workers].filter(
      ({ options, running }) => options.taskManager === taskManager && running.length > 0,
    );
    return busy.length < workers;
  }

  /** Whether its slots are taken, and not all are lent. */
  #isBusy({ free, running }: WorkerProcess): boolean {
    return free === 0 && running.some(({ task }) => !this.#lent.has(task));
  }

  /** What was sent ahead comes into slots that are free now. */
  #promote(worker: WorkerProcess): void {
    for (const assignment of worker.running) {
      if (this.assignments.get(assignment.task) !== assignment) this.#begin(assignment);
    }
  }

  #begin(assignment: Assignment): void {
    assignment.startedAt = performance.now();
    this.assignments.set(assignment.task, assignment);
    this.#events.started(assignment);
  }

  /** One that runs alone holds all the slots of its worker. */
  #busySlots(taskManager: number): number {
    const { concurrency = 1 } = this.taskManagers.get(taskManager) ?? {};
    let busy = 0;
    for (const [task, { workload, alone }] of this.assignments) {
      if (workload.taskManager === taskManager && !this.#lent.has(task)) busy += alone ? concurrency : 1;
    }
    return busy;
  }

  /** Workers are kept by folder: an idle one of another folder makes room for a new one. */
  #replaceIdle(
    own: readonly WorkerProcess[],
    { assignment, recipe, env }: Order,
    variables: Readonly<Record<string, string>>,
  ): WorkerProcess {
    const { workload, alone } = assignment;
    const { taskManager, cwd } = workload;
    const { workers = 1, concurrency = 1 } = this.taskManagers.get(taskManager) ?? {};
    const staying = own.filter(({ isLeaving, running }) => !isLeaving || running.length > 0);
    if (staying.length >= workers) staying.find(({ running }) => running.length === 0)?.dismiss();
    return this.#hire({
      cwd,
      // Tasks that overlap share the variables of their process: those of the first.
      env: concurrency > 1 ? { ...variables, ...recipe.env, ...env } : variables,
      slots: alone ? 1 : concurrency,
      isForOne: alone,
      taskManager,
    });
  }

  #hire(how: Omit<WorkerOptions, 'queue' | 'folder' | 'number'>): WorkerProcess {
    const { queue, folder, readProgram } = this.#place;
    const worker = new WorkerProcess(
      { ...how, queue, folder, number: this.#number++ },
      this.#events,
      readProgram,
    );
    this.#workers.add(worker);
    return worker;
  }
}

// What a worker takes by itself, and some more.
const LEFT_BYTES = 128 * 1024 * 1024;

/**
 * A worker is of one folder; a task that runs alone has one of its own; one that declares memory does not pay for what
 * others left.
 */
function suits(worker: WorkerProcess, { alone, workload }: Assignment): boolean {
  const { cwd, isForOne } = worker.options;
  if (alone || isForOne || cwd !== workload.cwd) return false;
  const { memoryBytes } = workload.options;
  if (memoryBytes === 0 || worker.pid === undefined) return true;
  return residentBytes([worker.pid]) < Math.max(LEFT_BYTES, memoryBytes / 4);
}
