export { type RetryDelay, retryWaitMs } from './retry-delay.ts';
export { SPAWN_MODES, type SpawnMode, type SpawnResult } from './spawn.ts';
export {
  isEnded,
  outcomeOf,
  type Outcome,
  type QueueState,
  stateName,
  TASK_STATES,
  TaskState,
  type TaskStateCode,
  type TaskStateName,
} from './states.ts';
export {
  eligibleState,
  nextState,
  type RequirementCounts,
  TRANSITIONS,
  type TransitionName,
} from './transitions.ts';
