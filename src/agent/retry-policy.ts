import type { LaneOptions } from '../app/index.ts';
import type { EndingCause } from './endings.ts';
import type { AgentSettings } from './settings.ts';

/** What is known of an attempt that did not succeed. */
export interface Failure {
  /** Why this agent ended it, if it did. */
  readonly ending: EndingCause | undefined;
  /** Names of the error's classes, and its code. */
  readonly names: readonly string[];
  readonly exitCode: number | null;
  readonly signal: string | null;
}

/**
 * How many attempts may follow the first, after one that ended like this. What `retryOn` does not name ends the task;
 * without it everything but a time-out is tried again. What a user ended never is.
 */
export function retriesLeft(
  { retries, retryOn }: LaneOptions,
  failure: Failure,
  { retryAtTimeout = false }: AgentSettings,
): number {
  const { ending } = failure;
  if (ending === 'kill' || ending === 'stop') return 0;
  if (ending === 'timeout' && retryAtTimeout) return Infinity;
  if (retryOn === undefined) return ending === 'timeout' ? 0 : retries;
  return reasonsOf(failure).some((reason) => retryOn.includes(reason)) ? retries : 0;
}

function reasonsOf({ ending, names, exitCode, signal }: Failure): readonly (string | number)[] {
  if (ending !== undefined) return [ending];
  return [...names, ...(exitCode === null ? [] : [exitCode]), ...(signal === null ? [] : [signal])];
}
