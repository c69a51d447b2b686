import type { Call } from '../app/index.ts';
import type { Store } from '../store/index.ts';
import type { FinalState } from './completions.ts';
import type { Submitter } from './submitter.ts';
import type { Task } from './task.ts';

/** What a Future needs of its queue. */
export interface FutureHost {
  readonly store: Store;
  readonly submitter: Submitter;
  wait(row: number, signal?: AbortSignal): Promise<FinalState>;
  /** Adds the task of a call; returns its Future. */
  submit(call: Call): unknown;
  /** What of an environment, described as JSON, counts for identity. */
  environIdentity(environ: string): string;
  taskAt(row: number): Task;
  /** Warns, once, when nothing works on the queue. */
  warnIfIdle(): void;
}
