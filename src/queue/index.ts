export { answerText, orderText, readAnswer, readOrder } from './worker-lines.ts';
export { announcerOf, hasBootedSince } from './announcer.ts';
export type { FinalState } from './completions.ts';
export { Future } from './future.ts';
export { describeMissing, queueFiles } from './known-queues.ts';
export { managerPort } from './manager-port.ts';
export type { QueueProcess, QueueWorker } from './process-view.ts';
export { Queue, type QueueOptions } from './queue.ts';
export type { TaskList } from './task-list.ts';
export { isInWorker, onTaskQueue, setTaskQueue, taskQueueHost } from './task-queue.ts';
export { QueueHost } from './queue-host.ts';
export { queuePath } from './queue-path.ts';
export { type HasEnded, LOSSES, reapDeadAgents } from './reap.ts';
export { silenceOf } from './silence.ts';
export type { PlacementCounts } from './submitter.ts';
export type { Attempt } from './attempt.ts';
export { Task, type TaskChanges } from './task.ts';
export { registerErrors, TaskError, type TaskErrorDetails } from './task-error.ts';
export { type TaskFilter, type TaskProperty, taskQuery } from './task-filter.ts';
export {
  decodeStored,
  type SettledResult,
  storedArguments,
  type StoredValue,
} from './task-values.ts';
export { taskErrorOf, taskId } from './why-failed.ts';
export { writeWorkerIdentity } from './worker-identity.ts';
export {
  emptyNote,
  noteCapacity,
  noteEntry,
  type NoteRecord,
  readFloor,
  readNote,
  workersDirectory,
  writeFloor,
} from './worker-note.ts';
export type {
  FromWorker,
  Recipe,
  RunReport,
  RunRequest,
  ToWorker,
} from './worker-messages.ts';
export { readOutputRange } from './output-range.ts';
