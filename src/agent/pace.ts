const MOST_AHEAD = 512;
// What a task costs beside the function: a no-op counts as this.
const LEAST_MS = 0.02;

/** How quickly tasks of a lane follow one another in a worker, and so how many it is to hold ahead. */
export class Pace {
  readonly #aheadMs: number;
  readonly #meanMs = new Map<number, number>();

  /** `aheadMs`: work that a worker holds beyond its slots; bridges the time in which the agent writes. */
  constructor(aheadMs: number) {
    this.#aheadMs = aheadMs;
  }

  /** A task succeeded after so long, in a worker that overlaps so many. */
  ended(lane: number, { seconds, slots }: { readonly seconds: number; readonly slots: number }): void {
    this.#take(lane, Math.max(LEAST_MS, (seconds * 1000) / slots));
  }

  /** A worker has been on its tasks for so long, and on. */
  lasts(lane: number, ms: number): void {
    this.#take(lane, ms);
  }

  /** One failed, or was ended: nothing is sent ahead until others succeed. */
  failed(lane: number): void {
    this.#meanMs.delete(lane);
  }

  /** How many tasks a worker may hold beyond its slots; none until the first has succeeded. */
  ahead(lane: number): number {
    const mean = this.#meanMs.get(lane);
    return mean === undefined ? 0 : Math.min(MOST_AHEAD, Math.floor(this.#aheadMs / mean));
  }

  /** A long one is believed at once, quick ones only by and by. */
  #take(lane: number, ms: number): void {
    const mean = this.#meanMs.get(lane) ?? ms;
    this.#meanMs.set(lane, Math.max(ms, mean * 0.9 + ms * 0.1));
  }
}
