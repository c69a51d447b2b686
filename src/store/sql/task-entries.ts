import type { TaskStateCode } from '../../model/index.ts';
import type { Database } from '../driver.ts';
import { findTasks, type TaskQuery } from './find-tasks.ts';
import { TASK_ROWS } from './task-rows.ts';

/** A task with its newest attempt that ended, as tables and JSON show it: without code and values. */
export interface TaskEntryRow {
  readonly id: number;
  /** 16 hex digits. */
  readonly hex_id: string;
  readonly name: string;
  /** Code, kind and declared environment. */
  readonly app_identity: string;
  readonly number: number;
  readonly state: TaskStateCode;
  readonly task_manager: string;
  readonly due: number | null;
  /** How many attempts began. */
  readonly attempts: number;
  /** Milliseconds since 1970. */
  readonly started: number | null;
  readonly seconds: number | null;
  readonly exit_code: number | null;
  readonly signal: string | null;
  /** Of the agent that runs it, or that ran the attempt. */
  readonly job: string | null;
  readonly host: string | null;
}

const LAST = 'attempt last ON last.id = (SELECT max(attempt.id) FROM attempt WHERE attempt.task = task.id)';

/** Tasks in the order they were added. */
export function selectTaskEntries(db: Database, query: TaskQuery): TaskEntryRow[] {
  const found = findTasks(db, query);
  if (found === undefined) return [];
  return db.all<TaskEntryRow>(
    `SELECT task.id, lower(hex(task.identity)) hex_id, app_name.name, app.identity app_identity, call.number, task.state,
       task_manager.key task_manager, task.due, task.attempts, last.started, last.seconds, last.exit_code, last.signal,
       coalesce(holder.job, ran.job) job, coalesce(holder.host, ran.host) host
     FROM ${TASK_ROWS} LEFT JOIN ${LAST} LEFT JOIN process ran ON ran.id = last.agent
     LEFT JOIN process holder ON task.state = 4 AND holder.id = task.agent
     WHERE task.id IN (${found.sql}) ORDER BY task.id`,
    ...found.values,
  );
}

export interface TaskTimeRow {
  readonly id: number;
  readonly name: string;
  /** What the newest attempt took; null where none ended. */
  readonly seconds: number | null;
}

/** What tasks took, in the order they were added. */
export function selectTaskTimes(db: Database, query: TaskQuery): TaskTimeRow[] {
  const found = findTasks(db, query);
  if (found === undefined) return [];
  return db.all<TaskTimeRow>(
    `SELECT task.id, app_name.name, last.seconds FROM task JOIN app ON app.id = task.app
     JOIN app_name ON app_name.id = app.name LEFT JOIN ${LAST}
     WHERE task.id IN (${found.sql}) ORDER BY task.id`,
    ...found.values,
  );
}
