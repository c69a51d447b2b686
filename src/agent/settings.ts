/** What a manager may ask of its agents, in the row that announces them. */
export interface AgentSettings {
  /** An attempt that ran too long is due again. */
  readonly retryAtTimeout?: boolean;
  /** Standard output is not kept, but for results. */
  readonly noOut?: boolean;
  /** Nothing starts any more once so many tasks have failed. */
  readonly stopAfterFailures?: number | undefined;
  /** Asynchronous tasks that a worker overlaps, in place of what the task managers say. */
  readonly concurrency?: number;
}
