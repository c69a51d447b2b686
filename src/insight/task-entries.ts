import { stateName, type TaskStateName } from '../model/index.ts';
import { Queue, type TaskFilter, taskQuery } from '../queue/index.ts';
import { selectTaskEntries, type TaskEntryRow, type TaskQuery, taskRowPages } from '../store/index.ts';

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

/** An entry with the row it was made of, for those who read more of its task. */
export interface TaskPageRow {
  readonly entry: TaskEntry;
  readonly row: TaskEntryRow;
}

const PAGE = 500;

/** The tasks of a queue in the order they were added, page by page, so that the first are there at once. */
export async function* taskPages(
  queue: Queue,
  filter: TaskFilter = {},
): AsyncGenerator<readonly TaskPageRow[]> {
  const { store, submitter } = Queue.hostOf(queue);
  submitter.flushNow();
  const select = (query: TaskQuery) => store.read((db) => selectTaskEntries(db, query));
  for (const rows of taskRowPages(taskQuery(store, filter), PAGE, select)) {
    yield rows.map((row) => ({ row, entry: entryOf(row, queue.path) }));
  }
}

function entryOf(row: TaskEntryRow, queue: string): TaskEntry {
  return {
    id: row.hex_id,
    name: row.name,
    index: row.number,
    state: stateName(row.state),
    queue,
    mid: row.task_manager,
    due: row.due === null ? null : new Date(row.due).toISOString(),
    attempts: row.attempts,
    t0: row.started === null ? null : new Date(row.started).toISOString(),
    seconds: row.seconds,
    errno: row.exit_code,
    signal: row.signal,
    jobid: row.job,
    host: row.host,
  };
}
