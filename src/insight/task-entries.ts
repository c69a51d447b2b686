import { stateName, TaskState, type TaskStateName } from '../model/index.ts';
import { Queue, type TaskFilter, taskId } from '../queue/index.ts';
import {
  type AttemptRow,
  attemptsOf,
  type Database,
  processRow,
  selectTasks,
  type TaskRow,
} from '../store/index.ts';

/** One task as listings show it: nothing of it needs its code or its values. */
export interface TaskEntry {
  /** 16 hex digits. */
  readonly id: string;
  /** Name of the app. */
  readonly name: string;
  /** Number of the call among those of its app, from 0. */
  readonly index: number;
  readonly state: TaskStateName;
  /** Path of the file of its queue. */
  readonly queue: string;
  /** Id of the task manager. */
  readonly mid: string;
  /** Of one that waits out a delay, when it may start: ISO 8601, UTC. */
  readonly due: string | null;
  /** How many attempts began. */
  readonly attempts: number;
  /** When the newest attempt that ended began: ISO 8601, UTC. */
  readonly t0: string | null;
  /** How long that attempt took. */
  readonly seconds: number | null;
  /** Exit code of that attempt. */
  readonly errno: number | null;
  readonly signal: string | null;
  /** Job of the agent that runs it, or that ran the newest attempt; here the process id of the agent. */
  readonly jobid: string | null;
  readonly host: string | null;
}

/** An entry with the row of its task, for those who read more of it. */
export interface TaskPageRow {
  readonly entry: TaskEntry;
  readonly row: TaskRow;
}

const PAGE = 500;

/** The tasks of a queue in the order they were added, page by page, so that the first are there at once. */
export async function* taskPages(
  queue: Queue,
  filter: TaskFilter = {},
): AsyncGenerator<readonly TaskPageRow[]> {
  let rows: number[] = [];
  for await (const row of queue.tasks({ ...filter, property: 'row' })) {
    rows.push(row);
    if (rows.length < PAGE) continue;
    yield readPage(queue, rows);
    rows = [];
  }
  if (rows.length > 0) yield readPage(queue, rows);
}

function readPage(queue: Queue, rows: readonly number[]): TaskPageRow[] {
  return Queue.hostOf(queue).store.read((db) =>
    selectTasks(db, { rows }).map((row) => ({ row, entry: entryOf(db, queue.path, row) })),
  );
}

function entryOf(db: Database, queue: string, row: TaskRow): TaskEntry {
  const last = row.attempts > 0 ? attemptsOf(db, row.id).at(-1) : undefined;
  return {
    id: taskId(row.identity),
    name: row.name,
    index: row.number,
    state: stateName(row.state),
    queue,
    mid: row.task_manager,
    due: row.due === null ? null : new Date(row.due).toISOString(),
    attempts: row.attempts,
    t0: typeof last?.started === 'number' ? new Date(last.started).toISOString() : null,
    seconds: last?.seconds ?? null,
    errno: last?.exit_code ?? null,
    signal: last?.signal ?? null,
    ...placeOf(db, row, last),
  };
}

function placeOf(
  db: Database,
  row: TaskRow,
  last: AttemptRow | undefined,
): { jobid: string | null; host: string | null } {
  const holder =
    row.state === TaskState.RUNNING && row.agent !== null ? processRow(db, row.agent) : undefined;
  return { jobid: holder?.job ?? last?.job ?? null, host: holder?.host ?? last?.host ?? null };
}
