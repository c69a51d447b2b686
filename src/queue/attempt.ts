import { stateName, type TaskStateName } from '../model/index.ts';
import { AttemptAccount, type AttemptRow, type Store } from '../store/index.ts';
import { attemptOutput } from './task-output.ts';
import { attemptCause } from './why-failed.ts';

/** One run of a task. */
export interface Attempt {
  readonly number: number;
  readonly state: TaskStateName;
  /**
   * How it counts: `counted` against retries, `late`, `lost` to infrastructure, `forgiven` by a retry, `deferred` by
   * the task (`RetryAfter`).
   */
  readonly account: 'counted' | 'late' | 'lost' | 'forgiven' | 'deferred';
  readonly host: string | null;
  /** Process id of the agent. */
  readonly agent: number | null;
  readonly jobid: string | null;
  /** Process id of the worker. */
  readonly worker: number | null;
  /** When it began. */
  readonly t0: Date | null;
  /** Seconds it took, by a clock that does not jump. */
  readonly dtime: number | null;
  readonly errno: number | null;
  readonly signal: string | null;
  readonly error: unknown;
  /** What is worth knowing beside how it ended: that it met other versions of packages than the call, for instance. */
  readonly note: string | null;
  /**
   * The most memory, in bytes, that its worker and what it started held at once, as far as that was looked at; null
   * for quick tasks, and where the system does not tell.
   */
  readonly peakMemory: number | null;
  /** Standard output; of a bash app that succeeded it is the result, and empty here. */
  readonly out: string;
  /** Standard error. */
  readonly err: string;
}

/** A row of the file as an attempt. */
export function attemptView(row: AttemptRow, store: Store): Attempt {
  const accounts = {
    [AttemptAccount.COUNTED]: 'counted',
    [AttemptAccount.LATE]: 'late',
    [AttemptAccount.LOST]: 'lost',
    [AttemptAccount.FORGIVEN]: 'forgiven',
    [AttemptAccount.DEFERRED]: 'deferred',
  } as const;
  return {
    number: row.number,
    state: stateName(row.state),
    account: accounts[row.account],
    host: row.host,
    agent: row.agent_pid,
    jobid: row.job,
    worker: row.worker,
    t0: row.started === null ? null : new Date(row.started),
    dtime: row.seconds,
    errno: row.exit_code,
    signal: row.signal,
    error: attemptCause(row),
    note: row.note,
    peakMemory: row.peak_memory,
    get out() {
      return attemptOutput(store, row.id, 1);
    },
    get err() {
      return attemptOutput(store, row.id, 2);
    },
  };
}
