import type { Ending } from './endings.ts';

/** What a manager may ask of its agents, in the row that announces them. */
export interface AgentSettings {
  /** An attempt that ran too long is due again. */
  readonly retryAtTimeout?: boolean;
  /** Standard output is not kept, but for results. */
  readonly noOut?: boolean;
  /** Nothing starts any more once a task has failed. */
  readonly stopAtError?: boolean;
  /** Asynchronous tasks that a worker overlaps, in place of what the task managers say. */
  readonly concurrency?: number;
}

/** How many further attempts an attempt leaves, from the `retries` of its task and why it was ended, if it was. */
export function retriesLeft(retries: number, ending: Ending | undefined, settings: AgentSettings): number {
  if (ending === undefined) return retries;
  return ending.isTimeout && settings.retryAtTimeout === true ? Infinity : 0;
}
