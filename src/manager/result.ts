import type { TaskStateName } from '../model/index.ts';

/** How a run ended. */
export interface SpawnResult {
  /** `done`: nothing is pending or running. `error`: by the mode `stop_at_error`. */
  readonly stopped: 'done' | 'timeout' | 'paused' | 'error';
  /** Tasks of the queue (with Futures: those they need) by state. */
  readonly counts: Readonly<Record<TaskStateName, number>>;
  /** Tasks that ended so in this run. */
  readonly succeeded: number;
  readonly failed: number;
  /** Tasks that wait for one that failed. */
  readonly blocked: number;
  /** Calls of this script whose results were there already. */
  readonly reused: number;
}
