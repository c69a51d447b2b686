import type { Database } from '../driver.ts';
import type { Transaction } from '../transaction.ts';

const LEASE_MS = 120_000;

/** How long managers and agents of a shared queue may be silent, as others see it, in milliseconds. */
export function leaseMs(db: Database): number {
  const row = db.get<{ value: number }>("SELECT value FROM meta WHERE name = 'lease'");
  return row?.value ?? LEASE_MS;
}

export function writeLease(tx: Transaction, ms: number): void {
  tx.db.run("INSERT OR REPLACE INTO meta VALUES ('lease', ?)", ms);
}

/** A number that moves for as long as a manager or agent goes on. */
export function beatsOf(db: Database, process: number): number {
  return db.get<{ value: number }>('SELECT value FROM meta WHERE name = ?', nameOf(process))?.value ?? 0;
}

export function writeBeat(tx: Transaction, process: number): void {
  tx.db.run('INSERT INTO meta VALUES (?, 1) ON CONFLICT DO UPDATE SET value = value + 1', nameOf(process));
}

export function forgetBeats(tx: Transaction, process: number): void {
  tx.db.run('DELETE FROM meta WHERE name = ?', nameOf(process));
}

function nameOf(process: number): string {
  return `beats ${process}`;
}
