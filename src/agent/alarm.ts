const LONGEST_PAUSE_MS = 20;

/** Wakes an agent: at the next turn of the event loop, however often it is asked to, or some time later. */
export class Alarm {
  readonly #act: () => void;
  readonly #timers = new Map<string, NodeJS.Timeout>();
  #every: NodeJS.Timeout | undefined;
  #isAwake = false;
  #refusals = 0;

  constructor(act: () => void) {
    this.#act = act;
  }

  ring(): void {
    if (this.#isAwake) return;
    this.#isAwake = true;
    setImmediate(() => {
      this.#isAwake = false;
      this.ringNow();
    });
  }

  /** At once: for those who come from the event loop, and have nothing to gather. */
  ringNow(): void {
    this.#clear('soon');
    this.#act();
  }

  /** Again and again, for what nobody tells of. */
  ringEvery(ms: number): void {
    this.#every = setInterval(() => this.ring(), ms);
  }

  /** In so long, unless it rings before. */
  ringSoon(ms: number): void {
    this.#set('soon', ms);
  }

  /** In so long in any case; replaces what was asked for before. */
  ringAt(ms: number): void {
    this.#clear('at');
    this.#set('at', ms);
  }

  /** Another process is writing: after a random pause, so that those who wait do not come together. */
  ringLater(leastMs = 0): void {
    const pause = leastMs + (0.5 + Math.random()) * Math.min(LONGEST_PAUSE_MS, 1 + this.#refusals++);
    this.#set('later', pause);
  }

  /** The file could be written. */
  calm(): void {
    this.#refusals = 0;
  }

  close(): void {
    clearInterval(this.#every);
    for (const name of this.#timers.keys()) this.#clear(name);
  }

  #set(name: string, ms: number): void {
    if (this.#timers.has(name)) return;
    const ring = (): void => {
      this.#timers.delete(name);
      this.ring();
    };
    this.#timers.set(name, setTimeout(ring, ms));
  }

  #clear(name: string): void {
    clearTimeout(this.#timers.get(name));
    this.#timers.delete(name);
  }
}
