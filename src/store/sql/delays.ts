import type { Database } from '../driver.ts';
import type { Transaction } from '../transaction.ts';

/**
 * Milliseconds until the first task that waits out a delay is due; 0 where it is, undefined where none waits. Of a
 * task due later than its whole wait from now the clocks differ, or one has jumped: `wakeDue` sees to it.
 */
export function msUntilDue(db: Database, now: number = Date.now()): number | undefined {
  const next = db.get<{ due: number; wait: number }>(
    'SELECT due, wait FROM task WHERE due IS NOT NULL ORDER BY due LIMIT 1',
  );
  if (next === undefined) return undefined;
  const left = next.due - now;
  return left > next.wait ? 0 : Math.max(0, left);
}

/**
 * Lets the tasks whose delay is over be claimed. Whatever the clocks of hosts say, none waits longer from now on than
 * it was to wait altogether.
 */
export function wakeDue(tx: Transaction, now: number = Date.now()): void {
  tx.db.run('UPDATE task SET due = NULL, wait = NULL WHERE due IS NOT NULL AND due <= ?', now);
  tx.db.run('UPDATE task SET due = ? + wait WHERE due IS NOT NULL AND due > ? + wait', now, now);
}
