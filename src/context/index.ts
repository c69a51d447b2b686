export { context, currentTask, runInContext, type RunningTask, type TaskContext } from './context.ts';
export { RetryAfter, retryAfterSeconds } from './retry-after.ts';
