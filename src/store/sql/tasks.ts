import type { TaskStateCode } from '../../model/index.ts';
import type { Database } from '../driver.ts';

/** The state of a task; undefined where it was removed. */
export function stateOf(db: Database, id: number): TaskStateCode | undefined {
  return db.get<{ state: TaskStateCode }>('SELECT state FROM task WHERE id = ?', id)?.state;
}

/** States of tasks by row id. */
export function statesOf(db: Database, ids: readonly number[]): { id: number; state: TaskStateCode }[] {
  return db.all(
    'SELECT id, state FROM task WHERE id IN (SELECT value FROM json_each(?))',
    JSON.stringify(ids),
  );
}

/** Row id of the newest task: grows with every one that is added. */
export function newestTask(db: Database): number {
  return db.get<{ id: number | null }>('SELECT max(id) id FROM task')?.id ?? 0;
}
