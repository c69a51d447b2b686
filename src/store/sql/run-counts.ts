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

/** How many tasks have failed or were killed, and stayed so, of which an attempt ended after the one with id `after`. */
export function countFailedSince(db: Database, after: number, rows?: readonly number[]): number {
  const failed = `SELECT count(*) n FROM task INDEXED BY task_unusual
    WHERE state IN (6, 7) AND (state = 2 OR state > 5)
      AND EXISTS (SELECT 1 FROM attempt WHERE attempt.task = task.id AND attempt.id > ?)`;
  const row =
    rows === undefined
      ? db.get<{ n: number }>(failed, after)
      : db.get<{ n: number }>(
          `${NEEDED} ${failed} AND id IN (SELECT task FROM needed)`,
          JSON.stringify(rows),
          after,
        );
  return row?.n ?? 0;
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
