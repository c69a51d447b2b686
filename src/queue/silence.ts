import { beatsOf, type Database, identityOf, leaseMs, type ProcessRow, type Store } from '../store/index.ts';
import { processIdentity } from '../util/index.ts';

// So many looks at least: between two of them this process may have been stopped.
const LEAST_LOOKS = 10;

interface Seen {
  readonly beats: number;
  readonly unmovedMs: number;
  /** In milliseconds of the monotonic clock. */
  readonly at: number;
}

/**
 * Tells which managers and agents of other hosts have been silent for a lease, by looking again and again: nobody can
 * see there whether their processes are gone, and clocks of other hosts are not to be trusted. On a shared queue these
 * have then ended their workers themselves.
 */
export class Silence {
  readonly #seen = new Map<number, Seen>();

  /** Whether a process is silent, as far as was seen; takes note of what is to be seen now. */
  isSilent(db: Database, row: ProcessRow): boolean {
    const host = identityOf(row)?.host;
    if (host === undefined || host === processIdentity().host) return false;
    const lease = leaseMs(db);
    const now = performance.now();
    const beats = beatsOf(db, row.id);
    const before = this.#seen.get(row.id);
    const unmovedMs =
      before?.beats === beats ? before.unmovedMs + Math.min(now - before.at, lease / LEAST_LOOKS) : 0;
    this.#seen.set(row.id, { beats, unmovedMs, at: now });
    return unmovedMs >= lease;
  }
}

const silences = new WeakMap<Store, Silence>();

/** One for each store, so that what one part of a program has seen counts for all; undefined where nobody shares. */
export function silenceOf(store: Store): Silence | undefined {
  if (!store.isShared) return undefined;
  const silence = silences.get(store) ?? new Silence();
  silences.set(store, silence);
  return silence;
}
