import type { TaskStateName } from './states.ts';

export const SPAWN_MODES = ['stop_at_error', 'retry_at_timeout', 'no_stream', 'no_out'] as const;

/**
 * `stop_at_error` starts nothing more once a task of this run failed; `retry_at_timeout` makes tasks that ran too long
 * due again instead of KILLED; `no_stream` does not show what tasks print; `no_out` does not keep their standard output
 * either (a bash app's result is kept).
 */
export type SpawnMode = (typeof SPAWN_MODES)[number];

/** Options of `spawn`. */
export interface SpawnOptions {
  /** Seconds after which it starts nothing more and resolves; default none. */
  readonly timeout?: number | undefined;
  /** Seconds between looks at the queue when nothing tells it to look; default 1. */
  readonly timestep?: number | undefined;
  /** One or several, as a list or in one text with spaces or commas between them. */
  readonly mode?: SpawnMode | (string & {}) | readonly (SpawnMode | (string & {}))[] | undefined;
  /** A further bound on the workers of every task manager. */
  readonly maxWorkers?: number | undefined;
  /** A manager process of its own does the work, and `spawn` resolves at once; default false. */
  readonly detach?: boolean | undefined;
}

/** How a run ended. */
export interface SpawnResult {
  /** `done`: nothing is pending or running. `error`: by the mode `stop_at_error`. */
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
