import type { TaskStateName } from './states.ts';

export const SPAWN_MODES = ['stop_at_error', 'retry_at_timeout', 'no_stream', 'no_out'] as const;

/**
 * `stop_at_error` starts nothing more once a task of this run failed; `retry_at_timeout` makes tasks that ran too long
 * due again instead of KILLED; `no_stream` does not show what tasks print; `no_out` does not keep their standard output
 * either (a bash app's result is kept).
 */
export type SpawnMode = (typeof SPAWN_MODES)[number];

/** How a run ended. */
export interface SpawnResult {
  /** `done`: nothing is pending or running. `error`: by `stopAfterFailures`, or the mode `stop_at_error`. */
  readonly stopped: 'done' | 'timeout' | 'paused' | 'error';
  /** Tasks of the queue (with Futures: those they need) by state. */
  readonly counts: Readonly<Record<TaskStateName, number>>;
  /** Tasks that ended so in this run; `failed` counts those KILLED as well. */
  readonly succeeded: number;
  readonly failed: number;
  /** Tasks that wait for one that failed. */
  readonly blocked: number;
  /** Calls of this script whose results were there already. */
  readonly reused: number;
}
