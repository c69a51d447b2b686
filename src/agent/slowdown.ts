/** Failures in a row, none later than a second after its start, that make an app start slowly. */
const MANY = 10;
const AT_ONCE_MS = 1000;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 60_000;

interface Streak {
  readonly name: string;
  failures: number;
  /** In milliseconds of the monotonic clock; new tasks of the app start after it. */
  pausedUntil: number;
  pauseMs: number;
}

/**
 * Apps of which every task fails as soon as it starts: new ones start after pauses that double, until one succeeds or
 * lasts. A full disk or a missing library would else cost thousands of tasks their attempts within seconds.
 */
export class Slowdown {
  readonly #streaks = new Map<number, Streak>();
  readonly #news: string[] = [];

  /** Takes note of how a task of an app ended; `ms` is how long it ran. */
  ended(
    app: { readonly id: number; readonly name: string },
    { hasFailed, ms, now }: { readonly hasFailed: boolean; readonly ms: number; readonly now: number },
  ): void {
    if (!hasFailed || ms >= AT_ONCE_MS) {
      this.#streaks.delete(app.id);
      return;
    }
    const streak = this.#streaks.get(app.id) ?? { name: app.name, failures: 0, pausedUntil: 0, pauseMs: 0 };
    this.#streaks.set(app.id, streak);
    streak.failures++;
    // Those that started together count once.
    if (streak.failures < MANY || now < streak.pausedUntil) return;
    if (streak.pauseMs === 0) this.#news.push(app.name);
    streak.pauseMs = Math.min(LONGEST_PAUSE_MS, streak.pauseMs * 2 || FIRST_PAUSE_MS);
    streak.pausedUntil = now + streak.pauseMs;
  }

  /** The apps of which nothing may start now. */
  paused(now: number): readonly number[] {
    return [...this.#streaks].filter(([, { pausedUntil }]) => pausedUntil > now).map(([app]) => app);
  }

  /** Milliseconds until the next pause is over; undefined where there is none. */
  msUntilNext(now: number): number | undefined {
    const left = [...this.#streaks.values()]
      .map(({ pausedUntil }) => pausedUntil - now)
      .filter((ms) => ms > 0);
    return left.length === 0 ? undefined : Math.min(...left);
  }

  /** Names of apps that have become slow and of which nothing was said yet. */
  get news(): readonly string[] {
    return this.#news;
  }

  forgetNews(): void {
    this.#news.length = 0;
  }
}
