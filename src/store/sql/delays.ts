import type { Database } from '../driver.ts';
import type { Transaction } from '../transaction.ts';

/**
 * Milliseconds until the first task that waits out a delay is due; 0 where one is, undefined where none waits. One
 * that was put back later than now by this clock is due, too: clocks differ, or one has jumped, and `wakeDue` sees to it.
 */
export function msUntilDue(db: Database, now: number = Date.now()): number | undefined {
  const { due } = db.get<{ due: number | null }>(`SELECT min(due) due FROM task WHERE due IS NOT NULL`) ?? {};
  if (due === undefined || due === null) return undefined;
  const { putBack = 0 } =
    db.get<{ putBack: number }>('SELECT max(due - wait) putBack FROM task WHERE due IS NOT NULL') ?? {};
  return putBack > now + FRACTION_MS ? 0 : Math.max(0, due - now);
}

// Delays may have fractions of a millisecond, which sums lose.
const FRACTION_MS = 1;
// A transaction for a hundred thousand of them would keep all others from writing for half a second.
const AT_ONCE = 5000;

/**
 * Lets tasks whose delay is over be claimed, up to 5,000; `msUntilDue` says whether there are more. Whatever the clocks
 * of hosts say, none waits longer from now on than it was to wait altogether.
 */
export function wakeDue(tx: Transaction, now: number = Date.now()): void {
  tx.db.run(
    `UPDATE task SET due = NULL, wait = NULL
     WHERE id IN (SELECT id FROM task WHERE due IS NOT NULL AND due <= ? ORDER BY due LIMIT ?)`,
    now,
    AT_ONCE,
  );
  tx.db.run(
    `UPDATE task SET due = ? + wait
     WHERE id IN (SELECT id FROM task WHERE due IS NOT NULL AND due - wait > ? LIMIT ?)`,
    now,
    now + FRACTION_MS,
    AT_ONCE,
  );
}
