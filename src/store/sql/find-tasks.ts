import { TaskState, type TaskStateCode } from '../../model/index.ts';
import type { Database } from '../driver.ts';
import { among, type Sql, tallyConditions, type TallyQuery, whereAll } from './tally-conditions.ts';
import { TASK_COLUMNS, TASK_ROWS, type TaskRow } from './task-rows.ts';
import { tasksByNumber } from './tasks-by-number.ts';

/** What to list; the values of one condition are alternatives. */
export interface TaskQuery extends TallyQuery {
  /** Row ids. */
  readonly rows?: readonly number[] | undefined;
  /** Ids or their beginnings, in hex digits. */
  readonly ids?: readonly string[] | undefined;
  readonly jobs?: readonly string[] | undefined;
  /** Numbers of calls among those of their app. */
  readonly indices?: readonly number[] | undefined;
  readonly limit?: number | undefined;
  /** Row id after which to begin. */
  readonly after?: number | undefined;
}

/** Tasks in the order they were added. */
export function selectTasks(db: Database, query: TaskQuery): TaskRow[] {
  const found = findTasks(db, query);
  if (found === undefined) return [];
  return db.all<TaskRow>(
    `SELECT ${TASK_COLUMNS} FROM ${TASK_ROWS} WHERE task.id IN (${found.sql}) ORDER BY task.id`,
    ...found.values,
  );
}

/** Row ids only. */
export function selectTaskIds(db: Database, query: TaskQuery): number[] {
  const found = findTasks(db, query);
  return found === undefined ? [] : db.all<{ id: number }>(found.sql, ...found.values).map(({ id }) => id);
}

/** How many there are. */
export function countTasks(db: Database, query: TaskQuery): number {
  const found = findTasks(db, query);
  if (found === undefined) return 0;
  return db.get<{ n: number }>(`SELECT count(*) n FROM (${found.sql})`, ...found.values)?.n ?? 0;
}

/**
 * A statement for the row ids of tasks in the order they were added; undefined where there are none. It reads tasks in
 * this order until it has as many as are asked for, or as there are by the tally; where few are in a state it begins
 * with these. So it reads all of them only to find ids, jobs, or few of an app, that is 0.05 µs a task.
 */
export function findTasks(db: Database, query: TaskQuery): Sql | undefined {
  const most = mostMatches(db, query);
  if (most === 0) return undefined;
  const { indices, names, ids, jobs, after } = query;
  const parts = [
    among('id', query.rows),
    among('id', indices && tasksByNumber(db, indices, names)),
    query.rows === undefined ? fewOfStates(db, query.states) : undefined,
    ...tallyConditions(query),
    ids && hasId(ids),
    jobs && ofJobs(jobs),
    after === undefined ? undefined : { sql: 'id > ?', values: [after] },
  ].filter((part) => part !== undefined);
  const limit = Math.min(query.limit ?? Infinity, most);
  const { sql, values } = whereAll(parts);
  return {
    sql: `SELECT id FROM task${sql} ORDER BY id LIMIT ?`,
    values: [...values, limit === Infinity ? -1 : limit],
  };
}

/** No more than so many match, by the tally: it knows what is committed, and not what this transaction changed. */
function mostMatches(db: Database, query: TaskQuery): number {
  const parts = tallyConditions(query);
  if (parts.length === 0 || query.rows !== undefined) return Infinity;
  const { sql, values } = whereAll(parts);
  return db.get<{ n: number | null }>(`SELECT sum(count) n FROM tally${sql}`, ...values)?.n ?? 0;
}

const FEW = 10_000;

/** The tasks of these states by the indexes that know them, where these are few: to sort many costs more. */
function fewOfStates(db: Database, states: readonly TaskStateCode[] = []): Sql | undefined {
  const known = states.flatMap((state) => KNOWN[state] ?? []);
  if (known.length === 0 || known.length < states.length || mostMatches(db, { states }) > FEW)
    return undefined;
  return { sql: `id IN (${known.join(' UNION ALL ')})`, values: [] };
}

/** Word for word the condition of the index on tasks that did not go as they were to. */
const isUnusual = (state: TaskStateCode): string => `state = ${state} AND (state = 2 OR state > 5)`;

const UNUSUAL = [
  TaskState.BLOCKED,
  TaskState.FAILED,
  TaskState.KILLED,
  TaskState.UNKNOWN,
  TaskState.SUPERSEDED,
];

/** How to find the tasks of a state without reading the others. */
const KNOWN: { readonly [state in TaskStateCode]?: string } = {
  ...Object.fromEntries(
    UNUSUAL.map((state) => [state, `SELECT id FROM task INDEXED BY task_unusual WHERE ${isUnusual(state)}`]),
  ),
  [TaskState.RUNNING]: 'SELECT id FROM task INDEXED BY task_running WHERE state = 4',
  [TaskState.PENDING]: `SELECT id FROM task INDEXED BY task_pending WHERE state = 3 AND due IS NULL
    UNION ALL SELECT id FROM task INDEXED BY task_delayed WHERE due IS NOT NULL`,
};

/** Ids are random: an index on them would cost more than all else that is written for a new task. */
function hasId(ids: readonly string[]): Sql {
  const parts = ids.map((id) => id.toLowerCase()).filter((id) => /^[0-9a-f]*$/.test(id));
  const whole = parts.filter((id) => id.length === ID_DIGITS);
  const begun = parts.filter((id) => id.length !== ID_DIGITS);
  const inList = 'identity IN (SELECT unhex(value) FROM json_each(?))';
  const conditions = [
    ...(whole.length > 0 || begun.length === 0 ? [inList] : []),
    ...begun.map(() => 'identity BETWEEN ? AND ?'),
  ];
  return {
    sql: `(${conditions.join(' OR ')})`,
    values: [...(conditions[0] === inList ? [JSON.stringify(whole)] : []), ...begun.flatMap(rangeOf)],
  };
}

const ID_DIGITS = 16;

/** The first and the last identity that begin with these digits. */
function rangeOf(digits: string): [Uint8Array, Uint8Array] {
  const even = digits.length % 2 === 0 ? digits : `${digits}0`;
  return [Buffer.from(even, 'hex'), Buffer.from(digits.padEnd(2 * ID_DIGITS, 'f'), 'hex')];
}

/** Tasks that agents of these jobs hold, or ran last. */
function ofJobs(jobs: readonly string[]): Sql {
  return {
    sql: `coalesce(agent, (SELECT attempt.agent FROM attempt WHERE attempt.task = task.id ORDER BY attempt.id DESC LIMIT 1))
      IN (SELECT id FROM process WHERE job IN (SELECT value FROM json_each(?)))`,
    values: [JSON.stringify(jobs)],
  };
}
