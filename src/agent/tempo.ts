/** How often an agent writes, and how far ahead it claims. */
export interface Tempo {
  /** Work that a worker holds beyond its slots. */
  readonly aheadMs: number;
  /** How many looks at workers that answer nothing before what waits here is given to other agents. */
  readonly keptLooks: number;
  /** Between two transactions. */
  readonly leastGapMs: number;
  readonly longestGapMs: number;
  /** Between looks at what nobody tells of. */
  readonly fallbackMs: number;
  readonly reapMs: number;
}

const LOCAL: Tempo = {
  aheadMs: 10,
  keptLooks: 5,
  leastGapMs: 0,
  longestGapMs: 0,
  fallbackMs: 1000,
  reapMs: 5000,
};

// Few and large transactions: each needs the lock that all hosts want.
const SHARED: Tempo = {
  aheadMs: 250,
  keptLooks: 100,
  leastGapMs: 100,
  longestGapMs: 1000,
  fallbackMs: 2000,
  reapMs: 10_000,
};
// Of the time an agent holds the lock for at most one part in so many.
const SHARE = 10;

export function tempoOf({ isShared }: { readonly isShared: boolean }): Tempo {
  return isShared ? SHARED : LOCAL;
}

/** Keeps an agent from writing too often, by how long its transactions take. */
export class Gaps {
  readonly #tempo: Tempo;
  /** In milliseconds of the monotonic clock. */
  #next = 0;

  constructor(tempo: Tempo) {
    this.#tempo = tempo;
  }

  /** Until the next transaction may be; 0 where it may. */
  get msLeft(): number {
    return this.#tempo.leastGapMs === 0 ? 0 : Math.max(0, this.#next - performance.now());
  }

  /** A transaction took so long. */
  wrote(ms: number): void {
    const { leastGapMs, longestGapMs } = this.#tempo;
    this.#next = performance.now() + Math.min(longestGapMs, Math.max(leastGapMs, SHARE * ms));
  }
}
