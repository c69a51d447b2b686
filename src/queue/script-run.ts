import { completionCursor, newestTask, type Store } from '../store/index.ts';

/** What a run of a script has to know of what was there before it. */
export class ScriptRun {
  /** Attempts up to this one ended in an earlier run of the script. */
  readonly cursorAtStart: number;
  readonly #newestAtStart: number;
  /** Row ids of the older tasks that this run has called again. */
  readonly #met = new Set<number>();

  constructor(store: Store) {
    this.cursorAtStart = store.read(completionCursor);
    this.#newestAtStart = store.read(newestTask);
  }

  /** Notes that this run called a task. */
  meet(task: number): void {
    if (task <= this.#newestAtStart) this.#met.add(task);
  }

  /** Whether this run called a task itself, by its row id. */
  hasMet(task: number): boolean {
    return task > this.#newestAtStart || this.#met.has(task);
  }
}
