import { type ProcessRow, runningTasks, type Store } from '../store/index.ts';
import { taskId } from './why-failed.ts';

/** A manager that is alive, as far as can be told. */
export interface QueueProcess {
  readonly pid: number | null;
  readonly host: string | null;
  readonly since: Date;
}

export function processView(row: ProcessRow): QueueProcess {
  return { pid: row.pid, host: row.host, since: new Date(row.started) };
}

/** A worker's slot that holds a task. */
export interface QueueWorker {
  readonly host: string | null;
  readonly jobid: string | null;
  /** Process id of its agent. */
  readonly agent: number | null;
  /** Id of the task it runs. */
  readonly tid: string;
}

/** What the agents hold now. */
export function workerViews(store: Store): readonly QueueWorker[] {
  return store
    .read(runningTasks)
    .map(({ host, job, pid, identity }) => ({ host, jobid: job, agent: pid, tid: taskId(identity) }));
}
