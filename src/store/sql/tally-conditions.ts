import type { TaskStateCode } from '../../model/index.ts';
import type { SqlValue } from '../driver.ts';

/** A piece of SQL, with what is bound in it. */
export interface Sql {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

/** Conditions on what both a task and the tally have; the values of one condition are alternatives. */
export interface TallyQuery {
  readonly states?: readonly TaskStateCode[] | undefined;
  /** Names of apps. */
  readonly names?: readonly string[] | undefined;
  /** Ids of task managers. */
  readonly taskManagers?: readonly string[] | undefined;
}

/** The conditions as SQL on the columns `state`, `app` and `lane`. */
export function tallyConditions({ states, names, taskManagers }: TallyQuery): Sql[] {
  const apps = 'SELECT app.id FROM app JOIN app_name ON app_name.id = app.name';
  const lanes = 'SELECT lane.id FROM lane JOIN task_manager ON task_manager.id = lane.task_manager';
  return [
    among('state', states),
    within('app', apps, among('app_name.name', names)),
    within('lane', lanes, among('task_manager.key', taskManagers)),
  ].filter((part) => part !== undefined);
}

/** `column` is one of a list; undefined where there is no list. */
export function among(column: string, list: readonly SqlValue[] | undefined): Sql | undefined {
  if (list === undefined) return undefined;
  return { sql: `${column} IN (SELECT value FROM json_each(?))`, values: [JSON.stringify(list)] };
}

function within(column: string, select: string, condition: Sql | undefined): Sql | undefined {
  return condition && { sql: `${column} IN (${select} WHERE ${condition.sql})`, values: condition.values };
}

/** All of these conditions. */
export function whereAll(parts: readonly Sql[]): Sql {
  if (parts.length === 0) return { sql: '', values: [] };
  return {
    sql: ` WHERE ${parts.map(({ sql }) => sql).join(' AND ')}`,
    values: parts.flatMap(({ values }) => values),
  };
}
