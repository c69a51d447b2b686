import { storedTexts } from '../stored-json.ts';
import type { QueueState } from '../../model/index.ts';
import type { Database } from '../driver.ts';
import type { Transaction } from '../transaction.ts';

export function queueState(db: Database): QueueState {
  const row = db.get<{ value: string }>("SELECT value FROM meta WHERE name = 'state'");
  return row?.value === 'PAUSED' ? 'PAUSED' : 'ACTIVE';
}

export function writeQueueState(tx: Transaction, state: QueueState): void {
  tx.db.run("INSERT OR REPLACE INTO meta VALUES ('state', ?)", state);
}

/** Names of apps that start slowly, because all their tasks fail at once: said to whoever manages the queue. */
export function noteSlow(tx: Transaction, names: readonly string[]): void {
  if (names.length === 0) return;
  const known = slowApps(tx.db);
  tx.db.run(
    "INSERT OR REPLACE INTO meta VALUES ('slow', ?)",
    JSON.stringify([...new Set([...known, ...names])]),
  );
}

export function slowApps(db: Database): readonly string[] {
  const row = db.get<{ value: string }>("SELECT value FROM meta WHERE name = 'slow'");
  return row === undefined ? [] : storedTexts(row.value);
}

export function forgetSlow(tx: Transaction): void {
  tx.db.run("DELETE FROM meta WHERE name = 'slow'");
}

/** True where only the tasks in `scope` are to run. */
export function isScoped(db: Database): boolean {
  return db.get("SELECT 1 FROM meta WHERE name = 'scoped' AND value = 1") !== undefined;
}

export function clearScope(tx: Transaction): void {
  tx.db.run("DELETE FROM meta WHERE name = 'scoped'");
  tx.db.run('DELETE FROM scope');
}

/** Restricts running to these tasks and all they require. */
export function addToScope(tx: Transaction, tasks: readonly number[]): void {
  tx.db.run("INSERT OR REPLACE INTO meta VALUES ('scoped', 1)");
  widenScope(tx, tasks);
}

/** Adds tasks and all they require to the scope. */
export function widenScope(tx: Transaction, tasks: readonly number[]): void {
  tx.db.run(
    `INSERT OR IGNORE INTO scope
     WITH RECURSIVE needed (task) AS (
       SELECT value FROM json_each(?) UNION SELECT requirement FROM needed JOIN requires USING (task))
     SELECT task FROM needed`,
    JSON.stringify(tasks),
  );
}

export function isInScope(db: Database, task: number): boolean {
  return db.get('SELECT 1 FROM scope WHERE task = ?', task) !== undefined;
}
