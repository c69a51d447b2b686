import type { FinalState } from './completions.ts';
import type { Submitter } from './submitter.ts';
import type { Task } from './task.ts';
import type { TaskHost } from './task-host.ts';

/** What a Future needs of its queue. */
export interface FutureHost extends TaskHost {
  readonly submitter: Submitter;
  wait(row: number, signal?: AbortSignal): Promise<FinalState>;
  taskAt(row: number): Task;
  /** Warns, once, when nothing works on the queue. */
  warnIfIdle(): void;
}
