import { retryAfterSeconds } from '../context/index.ts';
import type { RunReport } from '../queue/index.ts';

/** What decides whether a failed run is tried again, as the agent is told. */
export type FailureFacts = Pick<RunReport, 'errorNames' | 'retryAfterSeconds'>;

export const NO_FAILURE: FailureFacts = { errorNames: [], retryAfterSeconds: null };

/** By class, as the user's code knows it here; in the agent an error of the user is a plain one. */
export function failureFacts(error: unknown): FailureFacts {
  return { errorNames: errorNames(error), retryAfterSeconds: retryAfterSeconds(error) ?? null };
}

/** The names of an error's class and of those above it, its `name`, and its code. */
function errorNames(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const names = new Set<string>([error.name]);
  const end: unknown = Object.getPrototypeOf(Error.prototype);
  for (let at = Object.getPrototypeOf(error); at !== null && at !== end; at = Object.getPrototypeOf(at)) {
    if (typeof at.constructor === 'function') names.add(at.constructor.name);
  }
  const code: unknown = 'code' in error ? error.code : undefined;
  if (typeof code === 'string' || typeof code === 'number') names.add(String(code));
  return [...names].filter((name) => name !== '');
}
