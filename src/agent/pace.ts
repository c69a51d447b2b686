/** Work to hold ahead of the workers, in seconds: enough to bridge a commit, little enough to be fair to others. */
const AHEAD_SECONDS = 0.05;
const MOST_AHEAD = 500;

/** How quickly tasks of a lane are over, and so how many to hold beyond the free workers. */
export class Pace {
  readonly #meanSeconds = new Map<number, number>();

  ended(lane: number, seconds: number): void {
    const mean = this.#meanSeconds.get(lane);
    this.#meanSeconds.set(lane, mean === undefined ? seconds : mean * 0.9 + seconds * 0.1);
  }

  /** Tasks to claim ahead for a number of workers; none until the first has ended. */
  ahead(lane: number, workers: number): number {
    const mean = this.#meanSeconds.get(lane);
    if (mean === undefined) return 0;
    return Math.min(MOST_AHEAD, Math.floor((workers * AHEAD_SECONDS) / Math.max(mean, 1e-4)));
  }
}
