import type { Crew } from './crew.ts';
import type { Endings } from './endings.ts';

// What a task waits for may just have ended: it is heard of that within milliseconds.
const PATIENCE_MS = 1000;

/**
 * Where nothing more is to start, tasks that wait for others wait in vain. Once all that run here do so, they are ended,
 * and put back as if they had not begun.
 */
export class Standstill {
  readonly #crew: Crew;
  readonly #endings: Endings;
  #since: number | undefined;

  constructor(crew: Crew, endings: Endings) {
    this.#crew = crew;
    this.#endings = endings;
  }

  /** Call now and then while nothing is to start; `now` is in milliseconds of the monotonic clock. */
  look(now: number): void {
    if (!this.#crew.areAllLent) {
      this.#since = undefined;
      return;
    }
    this.#since ??= now;
    if (now - this.#since < PATIENCE_MS) return;
    const reason = 'It waited for tasks that are not started any more.';
    for (const task of this.#crew.assignments.keys()) this.#endings.end(task, { reason, cause: 'wait' });
  }
}
