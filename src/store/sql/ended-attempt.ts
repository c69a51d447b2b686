import type { RetryDelay } from '../../model/index.ts';

/**
 * How an attempt counts: COUNTED against `retries`, LATE (another attempt or a user's kill came first), LOST to
 * infrastructure, FORGIVEN (a user or a new run of the script asked for a retry since), DEFERRED by the task itself.
 */
export const AttemptAccount = { COUNTED: 0, LATE: 1, LOST: 2, FORGIVEN: 3, DEFERRED: 4 } as const;
export type AttemptAccountCode = (typeof AttemptAccount)[keyof typeof AttemptAccount];

export interface StoredText {
  readonly text: string | null;
  readonly blob: string | null;
}

/** An attempt that ended, as an agent commits it. */
export interface EndedAttempt {
  readonly task: number;
  /** Row ids of its app and lane, where they are at hand: many that succeed alike are counted by them. */
  readonly app: number | null;
  readonly lane: number | null;
  /** Number of the attempt: a commit is accepted only from the newest. */
  readonly number: number;
  readonly outcome: 'succeed' | 'fail' | 'stop';
  /** Whether another attempt is allowed if this one did not succeed. */
  readonly retries: number;
  /** What goes before the next attempt. */
  readonly retryDelay: RetryDelay | null;
  /** The task asked to be run again after so long, and that counts for nothing. */
  readonly deferMs: number | null;
  readonly agent: number | null;
  readonly worker: number | null;
  /** Milliseconds since 1970. */
  readonly started: number | null;
  readonly seconds: number | null;
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** Encoded error. */
  readonly error: string | null;
  /** Row id of the code that ran. */
  readonly program: number | null;
  /** What is worth knowing of an attempt beside how it ended, in words. */
  readonly note: string | null;
  /** Bytes. */
  readonly peakMemory: number | null;
  readonly out: StoredText | null;
  readonly err: StoredText | null;
  readonly result: StoredText | null;
  /** Row ids of the tasks whose Futures the result holds. */
  readonly returned: readonly number[];
}

/** An attempt of which nothing is known but whose it is. */
export function emptyAttempt(task: number, number: number, agent: number | null): EndedAttempt {
  return {
    task,
    app: null,
    lane: null,
    number,
    agent,
    outcome: 'stop',
    retries: 0,
    retryDelay: null,
    deferMs: null,
    worker: null,
    started: null,
    seconds: null,
    exitCode: null,
    signal: null,
    error: null,
    program: null,
    note: null,
    peakMemory: null,
    out: null,
    err: null,
    result: null,
    returned: [],
  };
}
