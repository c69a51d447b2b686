import type { Database } from '../driver.ts';

/** The identities of an app (code, kind and declared environment), in the order the queue first saw them. */
export function codesOfApp(db: Database, name: string): string[] {
  const rows = db.all<{ identity: string }>(
    'SELECT app.identity FROM app JOIN app_name ON app_name.id = app.name WHERE app_name.name = ? ORDER BY app.id',
    name,
  );
  return rows.map(({ identity }) => identity);
}
