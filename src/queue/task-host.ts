import type { Call } from '../app/index.ts';
import type { Store } from '../store/index.ts';

/** What a Task needs of its queue. */
export interface TaskHost {
  readonly store: Store;
  /** Adds the task of a call; returns its Future. */
  submit(call: Call): unknown;
  /** What of an environment, described as JSON, counts for identity. */
  environIdentity(environ: string): string;
}
