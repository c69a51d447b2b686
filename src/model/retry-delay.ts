/** How long a task waits before a further attempt, in seconds: `first` after the first that failed, then longer. */
export interface RetryDelay {
  readonly first: number;
  /** Each delay is so many times the one before. */
  readonly factor: number;
  readonly max: number;
}

// Tasks that failed together do not come back together.
const JITTER = 0.25;

/**
 * Milliseconds to wait after so many failed attempts: never less than the delay says, and up to a quarter more.
 * `random` is in [0, 1).
 */
export function retryWaitMs({ first, factor, max }: RetryDelay, failures: number, random: number): number {
  const seconds = Math.min(max, first * factor ** (failures - 1));
  return Math.ceil(seconds * 1000 * (1 + JITTER * random));
}
