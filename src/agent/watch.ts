import { MarkedProcesses, proportionalBytes, residentBytes, showBytes } from '../util/index.ts';
import type { Crew } from './crew.ts';
import type { Ending, Endings } from './endings.ts';
import { MemoryGroups } from './memory-groups.ts';
import type { WorkerProcess } from './worker-process.ts';

const LOOK_MS = 500;
const MEMORY_MS = 200;
// For tasks that declare no memory only the peak is recorded.
const PEAK_MS = 2000;
// Of the agent's time, one part in so many may go into looking.
const SHARE = 20;
/** A worker takes some 60 MB by itself; less than this is held against no task, however little it declares. */
const LEAST_LIMIT = 128 * 1024 * 1024;

/**
 * Looks after running tasks: the memory they use, whole process trees, and the files they write to. Where a control
 * group can be had the kernel holds a task to the memory it declares, and looking is the second line.
 */
export class Watch {
  readonly #crew: Crew;
  readonly #endings: Endings;
  readonly #processes = new MarkedProcesses();
  readonly #groups = new MemoryGroups();
  readonly #peaks = new Map<number, number>();
  #timer: NodeJS.Timeout | undefined;
  #lookedAt = performance.now();

  constructor(crew: Crew, endings: Endings) {
    this.#crew = crew;
    this.#endings = endings;
  }

  /** A task has started; it looks until none runs. */
  begin(task: number): void {
    if (this.#declared(task) > 0) {
      const worker = this.#crew.workerOf(task);
      if (worker?.options.slots === 1) this.#groups.begin(worker, task, this.#limitOf(worker));
      this.#schedule(MEMORY_MS);
    } else if (this.#timer === undefined) this.#schedule(LOOK_MS);
  }

  /** Ends a task of which the kernel has ended a process, at its limit; false where there is none to end. */
  endUsedUp(task: number): boolean {
    const bytes = this.#groups.usedUp(task);
    if (bytes === undefined || this.#endings.of(task) !== undefined) return false;
    this.#endings.end(task, this.#ending(task, bytes));
    return true;
  }

  /** The worker of a task is gone: says so where the kernel has ended it, at its limit. */
  noteUsedUp(task: number): void {
    const bytes = this.#groups.usedUp(task);
    if (bytes !== undefined) this.#endings.note(task, this.#ending(task, bytes));
  }

  /** The most memory a task was seen to use, in bytes; null where nobody looked. */
  peakOf(task: number): number | null {
    return Math.max(this.#peaks.get(task) ?? 0, this.#groups.peakOf(task)) || null;
  }

  /** The attempt is over. */
  forget(task: number): void {
    this.#peaks.delete(task);
    this.#groups.forget(task);
  }

  /** The worker is gone. */
  left(worker: WorkerProcess): void {
    this.#groups.left(worker);
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#groups.close();
  }

  #schedule(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#look(), ms);
  }

  #look(): void {
    this.#timer = undefined;
    const begun = performance.now();
    this.#groups.sweep();
    const workers = this.#crew.busyWorkers;
    for (const worker of workers) {
      worker.trimOutput();
      for (const { task } of worker.running) this.endUsedUp(task);
    }
    const isLimited = workers.some((worker) => this.#limitOf(worker) < Infinity);
    if (isLimited || begun - this.#lookedAt > PEAK_MS) {
      this.#lookedAt = begun;
      this.#lookAtMemory(workers);
    }
    if (workers.length === 0) return;
    const cost = performance.now() - begun;
    this.#schedule(Math.max(isLimited ? MEMORY_MS : LOOK_MS, SHARE * cost));
  }

  #lookAtMemory(workers: readonly WorkerProcess[]): void {
    const trees = this.#processes.find();
    for (const worker of workers) {
      const pids = trees.get(worker.mark) ?? [];
      const bytes = residentBytes(pids);
      if (worker.options.slots === 1) {
        for (const { task } of worker.running)
          this.#peaks.set(task, Math.max(bytes, this.#peaks.get(task) ?? 0));
      }
      // What its processes share is counted for each of them; the exact count is taken only where it matters.
      if (bytes > this.#limitOf(worker)) this.#judge(worker, proportionalBytes(pids));
    }
  }

  /** Of several tasks in a worker it cannot be told whose the memory is: each is run again alone. */
  #judge(worker: WorkerProcess, bytes: number): void {
    const limit = this.#limitOf(worker);
    if (bytes <= limit) return;
    const [run, ...others] = worker.running;
    if (run === undefined) return;
    if (others.length > 0) worker.endSuspected();
    else this.#endings.end(run.task, this.#ending(run.task, bytes));
  }

  #ending(task: number, bytes: number): Ending {
    const reason = `It used ${showBytes(bytes)} of ${showBytes(this.#declared(task))} declared (memory).`;
    return { reason, cause: 'memory' };
  }

  #declared(task: number): number {
    return this.#crew.assignments.get(task)?.workload.options.memoryBytes ?? 0;
  }

  /** What the tasks of a worker declare together; Infinity where one of them does not. */
  #limitOf(worker: WorkerProcess): number {
    const declared = worker.running.map(({ task }) => this.#declared(task));
    if (declared.length === 0 || declared.includes(0)) return Infinity;
    return Math.max(
      LEAST_LIMIT,
      declared.reduce((sum, bytes) => sum + bytes, 0),
    );
  }
}
