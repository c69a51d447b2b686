import type { FinalState } from './completions.ts';
import type { Submitter } from './submitter.ts';
import type { Task } from './task.ts';
import type { TaskHost } from './task-host.ts';

/** What a Future needs of its queue. */
export interface FutureHost extends TaskHost {
  readonly submitter: Submitter;
  /** Resolves when a task has its answer; warns once, after 10 s, when nothing works on the queue. */
  wait(row: number, signal?: AbortSignal): Promise<FinalState>;
  taskAt(row: number): Task;
}
