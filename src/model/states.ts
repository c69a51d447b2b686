import { PipeError } from '../errors.ts';

/** The states of a task; the numbers are what the queue file holds. */
export const TaskState = {
  WAITING: 1,
  BLOCKED: 2,
  PENDING: 3,
  RUNNING: 4,
  SUCCEEDED: 5,
  FAILED: 6,
  KILLED: 7,
  UNKNOWN: 8,
  SUPERSEDED: 9,
} as const;

/** Name of a task state, as users read and write it. */
export type TaskStateName = keyof typeof TaskState;
/** Number of a task state, as the queue file holds it. */
export type TaskStateCode = (typeof TaskState)[TaskStateName];

/** All state names in the order in which summaries list them. */
export const TASK_STATES = Object.keys(TaskState) as readonly TaskStateName[];

/** States of a queue. */
export type QueueState = 'ACTIVE' | 'PAUSED';

const names = new Map<number, TaskStateName>(TASK_STATES.map((name) => [TaskState[name], name]));

export function stateName(code: number): TaskStateName {
  const name = names.get(code);
  if (name === undefined) {
    throw new PipeError('QUEUE_DAMAGED', `${code} is no state of a task. See: tspipe check.`);
  }
  return name;
}

/** What a state means to the tasks that require it: still open, done, or failed. */
export type Outcome = 'open' | 'done' | 'failed';

/** The outcome of a task; `undefined` stands for one that was taken out of the queue. */
export function outcomeOf(state: TaskStateCode | undefined): Outcome {
  switch (state) {
    case TaskState.SUCCEEDED:
      return 'done';
    case TaskState.FAILED:
    case TaskState.KILLED:
    case TaskState.BLOCKED:
    case undefined:
      return 'failed';
    default:
      return 'open';
  }
}

/** True where nothing more happens to a task by itself. */
export function isEnded(state: TaskStateCode): boolean {
  return (
    state === TaskState.SUCCEEDED ||
    state === TaskState.FAILED ||
    state === TaskState.KILLED ||
    state === TaskState.UNKNOWN
  );
}
