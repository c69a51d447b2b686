import { subscribe } from 'node:diagnostics_channel';
import { hasPerWorkerValues } from '../app/index.ts';
import { MarkedProcesses } from '../util/index.ts';

// Looking takes some tenths of a millisecond: a quick task that started no process by itself is spared.
const QUICK_SECONDS = 0.05;

/** The processes that tasks of this worker started and left behind. */
export class Leftovers {
  readonly #mark: string;
  readonly #processes = new MarkedProcesses();
  #hasStarted = false;

  constructor(mark: string) {
    this.#mark = mark;
    subscribe('child_process', () => {
      this.#hasStarted = true;
    });
  }

  /** Whether a command left some: then its own start does not count. */
  noteCommand({ hasLeft }: { readonly hasLeft: boolean }): void {
    this.#hasStarted = hasLeft;
  }

  /**
   * Ends them, after a task that ran alone here: nothing of it goes on, nor writes among what the next task prints.
   * Call before its output is taken.
   */
  endAfter(seconds: number): void {
    if (!this.#hasStarted && seconds < QUICK_SECONDS) return;
    this.#hasStarted = false;
    // A process that `tm.perWorker` made cannot be told from the others.
    if (hasPerWorkerValues()) return;
    this.#processes.end(this.#mark);
  }
}
