export { context, currentTask, runInContext, type RunningTask, type TaskContext } from './context.ts';
