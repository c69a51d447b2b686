import type { Database } from '../driver.ts';

/** Names of the apps that have tasks. */
export function namesOfApps(db: Database): string[] {
  const rows = db.all<{ name: string }>(
    `SELECT DISTINCT app_name.name FROM tally JOIN app ON app.id = tally.app JOIN app_name ON app_name.id = app.name
     WHERE tally.count > 0 ORDER BY app_name.name`,
  );
  return rows.map(({ name }) => name);
}

/**
 * The newest task of each app, by row id; the apps by name. Goes back from the newest task of all until each app has
 * been met.
 */
export function newestOfApps(db: Database): { name: string; task: number }[] {
  const found: { name: string; task: number }[] = [];
  const left = new Set(namesOfApps(db));
  for (let before = Number.MAX_SAFE_INTEGER; left.size > 0; ) {
    const next = db.get<{ name: string; task: number }>(
      `SELECT app_name.name, newest.id task FROM (
         SELECT id, app FROM task WHERE id < ? AND app IN (
           SELECT app.id FROM app JOIN app_name ON app_name.id = app.name
           WHERE app_name.name IN (SELECT value FROM json_each(?)))
         ORDER BY id DESC LIMIT 1) newest
       JOIN app ON app.id = newest.app JOIN app_name ON app_name.id = app.name`,
      before,
      JSON.stringify([...left]),
    );
    if (next === undefined) break;
    found.push(next);
    left.delete(next.name);
    before = next.task;
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}
