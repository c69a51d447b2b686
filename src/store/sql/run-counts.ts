import type { Database } from '../driver.ts';
import type { CountRow } from './counts.ts';

const NEEDED = `WITH RECURSIVE needed (task) AS (
  SELECT value FROM json_each(?) UNION SELECT requirement FROM needed JOIN requires USING (task))`;

/** Counts by state of these tasks and all that they require. */
export function countNeeded(db: Database, rows: readonly number[]): CountRow[] {
  return db.all<CountRow>(
    `${NEEDED} SELECT task.state, count(*) count FROM needed JOIN task ON task.id = needed.task GROUP BY task.state`,
    JSON.stringify(rows),
  );
}

/**
 * States, now, of the tasks of which an attempt ended after the one with id `after`; with `rows` of these and of what
 * they require only.
 */
export function countEndedSince(db: Database, after: number, rows?: readonly number[]): CountRow[] {
  const counted = `SELECT state, count(*) count FROM task WHERE id IN (SELECT task FROM attempt WHERE id > ?)`;
  if (rows === undefined) return db.all<CountRow>(`${counted} GROUP BY state`, after);
  return db.all<CountRow>(
    `${NEEDED} ${counted} AND id IN (SELECT task FROM needed) GROUP BY state`,
    JSON.stringify(rows),
    after,
  );
}
