import { stateName, type TaskStateName } from '../model/index.ts';
import { AttemptAccount, type AttemptRow } from '../store/index.ts';
import { attemptCause } from './why-failed.ts';

/** One run of a task. */
export interface Attempt {
  readonly number: number;
  readonly state: TaskStateName;
  /** How it counts: `counted` against retries, `late`, `lost` to infrastructure, `forgiven` by a retry. */
  readonly account: 'counted' | 'late' | 'lost' | 'forgiven';
  readonly host: string | null;
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
}

/** A row of the file as an attempt. */
export function attemptView(row: AttemptRow): Attempt {
  const accounts = {
    [AttemptAccount.COUNTED]: 'counted',
    [AttemptAccount.LATE]: 'late',
    [AttemptAccount.LOST]: 'lost',
    [AttemptAccount.FORGIVEN]: 'forgiven',
  } as const;
  return {
    number: row.number,
    state: stateName(row.state),
    account: accounts[row.account],
    host: row.host,
    jobid: row.job,
    worker: row.worker,
    t0: row.started === null ? null : new Date(row.started),
    dtime: row.seconds,
    errno: row.exit_code,
    signal: row.signal,
    error: attemptCause(row),
    note: row.note,
  };
}
