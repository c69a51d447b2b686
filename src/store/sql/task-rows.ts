import type { TaskStateCode } from '../../model/index.ts';

/** A task as listings show it. */
export interface TaskRow {
  readonly id: number;
  readonly identity: Uint8Array;
  readonly name: string;
  readonly kind: string;
  /** Code, kind and declared environment. */
  readonly app_identity: string;
  readonly number: number;
  readonly state: TaskStateCode;
  readonly attempts: number;
  readonly call: number;
  readonly program: number;
  readonly key: string;
  readonly args: string | null;
  readonly blob: string | null;
  readonly task_manager: string;
  readonly lane: number;
  readonly agent: number | null;
  readonly previous: number | null;
  /** Before this it is not claimed: milliseconds since 1970; null where it waits out no delay. */
  readonly due: number | null;
}

/** Of few tasks: those are found in the table of tasks alone, and only then joined with the others. */
export const TASK_ROWS = `task JOIN call ON call.id = task.call JOIN app ON app.id = task.app
  JOIN app_name ON app_name.id = app.name JOIN lane ON lane.id = task.lane
  JOIN task_manager ON task_manager.id = lane.task_manager`;

/** The columns of a `TaskRow`. */
export const TASK_COLUMNS = `task.id, task.identity, app_name.name, app.kind, app.identity app_identity, call.number, task.state, task.attempts, task.call,
  app.program, call.key, call.args, call.blob, task_manager.key task_manager, task.lane, task.agent, task.previous, task.due`;
