import type { LaneOptions } from '../app/index.ts';
import type { Environment } from '../environment/index.ts';
import type { RunRequest } from '../queue/index.ts';
import { residentBytes } from '../util/index.ts';
import { add, NOTHING_USED, type Usage } from './plan-claims.ts';
import { type WorkerEvents, WorkerProcess } from './worker-process.ts';

type Variables = Readonly<Record<string, string>>;

/** A claimed task, ready to be sent. */
export interface Assignment {
  readonly run: RunRequest;
  readonly program: { readonly text: string; readonly blob: string | null };
  readonly taskManager: number;
  readonly cwd: string;
  readonly options: LaneOptions;
  readonly lane: number;
  /** Row id. */
  readonly app: number;
  /** Its worker runs nothing beside it: it may have taken others with it. */
  readonly alone: boolean;
  /** GPUs it may use, set when it starts. */
  gpus: readonly string[];
  /** In milliseconds of the monotonic clock, set when it starts. */
  startedAt: number;
}

/** What the crew knows of a task manager. */
export interface CrewTaskManager {
  /** How many workers may run on this host. */
  workers: number;
  /** Tasks that a worker overlaps. */
  readonly concurrency: number;
  readonly environ: Environment;
}

const FILES_STAY_MS = 5000;

/** The workers of an agent: who is free, who runs what, whose slot is lent. */
export class Crew {
  readonly taskManagers = new Map<number, CrewTaskManager>();
  readonly assignments = new Map<number, Assignment>();
  readonly #workers = new Set<WorkerProcess>();
  readonly #lent = new Set<number>();
  readonly #place: { readonly queue: string; readonly folder: string };
  readonly #events: WorkerEvents;
  #number = 0;

  constructor(place: { readonly queue: string; readonly folder: string }, events: WorkerEvents) {
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
    for (const [task, { options }] of this.assignments)
      if (!this.#lent.has(task)) usage = add(usage, options);
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

  workerOf(task: number): WorkerProcess | undefined {
    for (const worker of this.#workers) if (worker.running.some((run) => run.task === task)) return worker;
    return undefined;
  }

  /** Gives a task to a free worker of its task manager and folder, or to a new one. */
  start(assignment: Assignment, variables: { readonly worker: Variables; readonly task: Variables }): void {
    const { taskManager, cwd, run } = assignment;
    const own = [...this.#workers].filter((worker) => worker.options.taskManager === taskManager);
    const free = own.find(
      (worker) => worker.options.cwd === cwd && worker.free > 0 && suits(worker, assignment),
    );
    const worker = free ?? this.#replaceIdle(own, assignment, variables);
    worker.run({ ...run, env: variables.task }, assignment.program);
    assignment.startedAt = performance.now();
    this.assignments.set(run.task, assignment);
  }

  /** The task is over; its slot and resources are free. */
  finish(worker: WorkerProcess, task: number): Assignment | undefined {
    worker.release(task);
    if (worker.isLeaving && worker.running.length === 0) worker.dismiss();
    this.#lent.delete(task);
    const assignment = this.assignments.get(task);
    this.assignments.delete(task);
    return assignment;
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
    if (this.freeSlots(assignment.taskManager) < 1) return false;
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

  /** One that runs alone holds all the slots of its worker. */
  #busySlots(taskManager: number): number {
    const { concurrency = 1 } = this.taskManagers.get(taskManager) ?? {};
    let busy = 0;
    for (const [task, assignment] of this.assignments) {
      if (assignment.taskManager === taskManager && !this.#lent.has(task))
        busy += assignment.alone ? concurrency : 1;
    }
    return busy;
  }

  /** Workers are kept by folder: an idle one of another folder makes room for a new one. */
  #replaceIdle(
    own: readonly WorkerProcess[],
    { taskManager, cwd, alone }: Assignment,
    variables: { readonly worker: Variables; readonly task: Variables },
  ): WorkerProcess {
    const { workers = 1, concurrency = 1 } = this.taskManagers.get(taskManager) ?? {};
    // Tasks that overlap share the variables of their process: those of the first.
    const env = concurrency > 1 ? { ...variables.worker, ...variables.task } : variables.worker;
    const staying = own.filter(({ isLeaving, running }) => !isLeaving || running.length > 0);
    if (staying.length >= workers) staying.find(({ running }) => running.length === 0)?.dismiss();
    const worker = new WorkerProcess(
      {
        ...this.#place,
        number: this.#number++,
        cwd,
        env,
        slots: alone ? 1 : concurrency,
        isForOne: alone,
        taskManager,
      },
      this.#events,
    );
    this.#workers.add(worker);
    return worker;
  }
}

// What a worker takes by itself, and some more.
const LEFT_BYTES = 128 * 1024 * 1024;

/** One that runs alone has a worker of its own; one that declares memory does not pay for what others left. */
function suits(worker: WorkerProcess, { alone, options }: Assignment): boolean {
  if (alone || worker.options.isForOne) return false;
  if (options.memoryBytes === 0 || worker.pid === undefined) return true;
  return residentBytes([worker.pid]) < Math.max(LEFT_BYTES, options.memoryBytes / 4);
}
