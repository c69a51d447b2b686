export { registerScheduler, type SchedulerRule } from './registry.ts';
export { Scheduler, type SchedulerChoice, type SchedulerOptions } from './scheduler.ts';
export { type WorkerCounts, type WorkerLimits, workersToStart } from './simple.ts';
