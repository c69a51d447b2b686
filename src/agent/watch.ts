import { MarkedProcesses, proportionalBytes, residentBytes, showBytes } from '../util/index.ts';
import type { Crew } from './crew.ts';
import type { Endings } from './endings.ts';
import type { WorkerProcess } from './worker-process.ts';

const LOOK_MS = 500;
const MEMORY_MS = 200;
// For tasks that declare no memory only the peak is recorded.
const PEAK_MS = 2000;
// Of the agent's time, one part in so many may go into looking.
const SHARE = 20;
/** A worker takes some 60 MB by itself; less than this is held against no task, however little it declares. */
const LEAST_LIMIT = 128 * 1024 * 1024;

/** Looks after running tasks: the memory they use, whole process trees, and the files they write to. */
export class Watch {
  readonly #crew: Crew;
  readonly #endings: Endings;
  readonly #processes = new MarkedProcesses();
  readonly #peaks = new Map<number, number>();
  #timer: NodeJS.Timeout | undefined;
  #lookedAt = performance.now();

  constructor(crew: Crew, endings: Endings) {
    this.#crew = crew;
    this.#endings = endings;
  }

  /** A task has started; it looks until none runs. */
  begin({ declaresMemory }: { readonly declaresMemory: boolean }): void {
    if (declaresMemory) this.#schedule(MEMORY_MS);
    else if (this.#timer === undefined) this.#schedule(LOOK_MS);
  }

  /** The most memory a task was seen to use, in bytes; null where nobody looked. */
  peakOf(task: number): number | null {
    return this.#peaks.get(task) ?? null;
  }

  /** The attempt is over. */
  forget(task: number): void {
    this.#peaks.delete(task);
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #schedule(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#look(), ms);
  }

  #look(): void {
    this.#timer = undefined;
    const begun = performance.now();
    const workers = this.#crew.busyWorkers;
    for (const worker of workers) worker.trimOutput();
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
    else {
      const declared = this.#crew.assignments.get(run.task)?.options.memoryBytes ?? limit;
      const reason = `It used ${showBytes(bytes)} of ${showBytes(declared)} declared (memory).`;
      this.#endings.end(run.task, { reason, cause: 'memory' });
    }
  }

  /** What the tasks of a worker declare together; Infinity where one of them does not. */
  #limitOf(worker: WorkerProcess): number {
    const declared = worker.running.map(
      ({ task }) => this.#crew.assignments.get(task)?.options.memoryBytes ?? 0,
    );
    if (declared.length === 0 || declared.includes(0)) return Infinity;
    return Math.max(
      LEAST_LIMIT,
      declared.reduce((sum, bytes) => sum + bytes, 0),
    );
  }
}
