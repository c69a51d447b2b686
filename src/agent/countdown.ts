const STEP_MS = 1000;
// A step that takes so much longer than it should: this process was stopped, or had no core for long.
const LATE_MS = 500;

/**
 * A timer that counts only the time in which this process runs: while it is stopped its tasks may be as well, and what
 * those that went on have said is waiting to be read, for which there is a step's time once it goes on.
 */
export class Countdown {
  readonly #act: () => void;
  #left: number;
  #isLate = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(ms: number, act: () => void) {
    this.#left = ms;
    this.#act = act;
    this.#step();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #step(): void {
    const step = Math.min(this.#left, STEP_MS);
    const begun = performance.now();
    this.#timer = setTimeout(() => {
      const isLate = performance.now() - begun > step + LATE_MS;
      this.#left -= step;
      // One that is always late comes to its end as well.
      if (isLate && !this.#isLate) this.#left = Math.max(this.#left, STEP_MS);
      this.#isLate = isLate;
      if (this.#left > 0) this.#step();
      else this.#act();
    }, step);
  }
}
