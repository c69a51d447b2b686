import type { Database } from '../driver.ts';
import { findTasks, type TaskQuery } from './find-tasks.ts';
import { tallyConditions, whereAll } from './tally-conditions.ts';

/** The identities of an app (code, kind and declared environment), in the order the queue first saw them. */
export function codesOfApp(db: Database, name: string): string[] {
  const rows = db.all<{ identity: string }>(
    'SELECT app.identity FROM app JOIN app_name ON app_name.id = app.name WHERE app_name.name = ? ORDER BY app.id',
    name,
  );
  return rows.map(({ identity }) => identity);
}

export interface CodeRow {
  /** Name of the app. */
  readonly name: string;
  /** Row id. */
  readonly program: number;
}

/** The codes of apps, each once, that tasks have; by state, app and task manager without a look at the tasks. */
export function codesOfTasks(db: Database, query: TaskQuery): CodeRow[] {
  const apps = appsOfTasks(db, query);
  if (apps === undefined) return [];
  return db.all<CodeRow>(
    `SELECT app_name.name, app.program FROM app JOIN app_name ON app_name.id = app.name
     WHERE app.id IN (${apps.sql}) ORDER BY app.id`,
    ...apps.values,
  );
}

function appsOfTasks(db: Database, query: TaskQuery): ReturnType<typeof findTasks> {
  const { states, names, taskManagers, ...others } = query;
  if (Object.values(others).some((value) => value !== undefined)) {
    const found = findTasks(db, query);
    return found && { ...found, sql: `SELECT app FROM task WHERE id IN (${found.sql})` };
  }
  const { sql, values } = whereAll([
    { sql: 'count > 0', values: [] },
    ...tallyConditions({ states, names, taskManagers }),
  ]);
  return { sql: `SELECT app FROM tally${sql}`, values };
}
