import type { Database } from '../driver.ts';

/** The newest task of each app, by row id; the apps by name. */
export function newestOfApps(db: Database): { name: string; task: number }[] {
  return db.all(
    `SELECT app_name.name, max(task.id) task FROM task JOIN app ON app.id = task.app
     JOIN app_name ON app_name.id = app.name GROUP BY app_name.id ORDER BY app_name.name`,
  );
}
