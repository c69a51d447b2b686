import type { Database } from '../driver.ts';

/**
 * Row ids of the tasks, of whatever code, of the calls with these numbers among those of their app. The call of number
 * n is not before row n + 1, and not far behind it unless there are many apps: no index is needed.
 */
export function tasksByNumber(
  db: Database,
  numbers: readonly number[],
  names: readonly string[] | undefined,
): number[] {
  const list = JSON.stringify(numbers);
  const ofNames = names === undefined ? null : JSON.stringify(names);
  const there = db.get<{ n: number }>(
    `SELECT count(*) n FROM json_each(?) number JOIN app_name ON app_name.calls > number.value WHERE ${HAS_NAME}`,
    list,
    ofNames,
    ofNames,
  );
  return db
    .all<{ id: number }>(
      `WITH RECURSIVE version (id) AS (
         SELECT latest FROM (
           SELECT latest FROM call NOT INDEXED WHERE number IN (SELECT value FROM json_each(?))
             AND name IN (SELECT id FROM app_name WHERE ${HAS_NAME}) AND id > ? ORDER BY id LIMIT ?)
         UNION ALL SELECT task.previous FROM version JOIN task ON task.id = version.id)
       SELECT id FROM version WHERE id IS NOT NULL`,
      list,
      ofNames,
      ofNames,
      Math.min(...numbers),
      there?.n ?? 0,
    )
    .map(({ id }) => id);
}

const HAS_NAME = '(? IS NULL OR app_name.name IN (SELECT value FROM json_each(?)))';
