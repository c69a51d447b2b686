import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';

// Commits may come every millisecond. To ask whether all is done is cheap.
const CHECK_MS = 5;

interface Wait {
  /** How long to wait where nothing wakes it. */
  readonly pauseMs: () => number;
  /** Whether a look cannot wait; asked at most every few milliseconds. */
  readonly isUrgent: () => boolean;
}

/** When a run looks at its queue: soon after commits, and so seldom that the tasks keep their cores. */
export class Rhythm {
  readonly #lookMs: number;
  #wake = Promise.withResolvers<void>();
  /** In milliseconds of the monotonic clock. */
  #checkedAt = 0;
  #lookedAt = 0;

  /** `lookMs`: between whole looks, which are dear. */
  constructor(lookMs: number) {
    this.#lookMs = lookMs;
  }

  wake(): void {
    this.#wake.resolve();
  }

  /** Resolves when it is time for a whole look. */
  async next({ pauseMs, isUrgent }: Wait): Promise<void> {
    do {
      await this.#untilWoken(pauseMs());
      // Futures of the same process, and what waits for them, go first.
      await nextTurn();
      const early = this.#checkedAt + CHECK_MS - performance.now();
      if (early > 0) await delay(early);
      this.#checkedAt = performance.now();
      this.#wake = Promise.withResolvers();
    } while (this.#checkedAt - this.#lookedAt < this.#lookMs && !isUrgent());
    this.#lookedAt = this.#checkedAt;
  }

  async #untilWoken(pauseMs: number): Promise<void> {
    // What woke it since the last look, and was not urgent, is looked at then.
    const isPassedOver = this.#checkedAt > this.#lookedAt;
    const latest = isPassedOver ? this.#lookedAt + this.#lookMs - performance.now() : Infinity;
    const timer = setTimeout(() => this.wake(), Math.max(1, Math.min(pauseMs, latest)));
    await this.#wake.promise;
    clearTimeout(timer);
  }
}
