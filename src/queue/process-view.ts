import type { ProcessRow, Store } from '../store/index.ts';

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
    .read((db) =>
      db.all<{ host: string | null; job: string | null; pid: number | null; identity: Uint8Array }>(
        `SELECT process.host, process.job, process.pid, task.identity FROM task
         JOIN process ON process.id = task.agent WHERE task.state = 4 ORDER BY task.id`,
      ),
    )
    .map(({ host, job, pid, identity }) => ({
      host,
      jobid: job,
      agent: pid,
      tid: Buffer.from(identity).toString('hex'),
    }));
}
