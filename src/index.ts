// The public exports of tspipe, and the wiring: what a lower room needs from a higher one is handed in here.
import { ensureManager, spawn } from './manager/index.ts';
import { remakers } from './app/index.ts';
import { managerPort, Queue } from './queue/index.ts';
import { spawnPort, TaskManager } from './task-manager/index.ts';

managerPort.ensure = ensureManager;
spawnPort.spawn = spawn;
remakers.TaskManager = (body) => TaskManager.remade(body);
remakers.Queue = (body) => new Queue(String(body));

export type { AppOptions, Captured, PerWorker } from './app/index.ts';
export { context, RetryAfter, type TaskContext } from './context/index.ts';
export {
  Environment,
  type EnvironmentChoice,
  type EnvironmentOptions,
  registerEnvironment,
  Secret,
  secret,
} from './environment/index.ts';
export { ERROR_CODES, type ErrorCode, PipeError } from './errors.ts';
export { spawn, type SpawnTarget } from './manager/index.ts';
export type { QueueState, SpawnMode, SpawnResult, TaskStateName } from './model/index.ts';
export {
  type AgentRequest,
  type JobState,
  type Provider,
  type ProviderChoice,
  registerProvider,
  type Resources,
} from './provider/index.ts';
export {
  type Attempt,
  Future,
  Queue,
  type QueueOptions,
  type QueueProcess,
  type QueueWorker,
  type SettledResult,
  Task,
  TaskError,
  type TaskFilter,
  type TaskList,
} from './queue/index.ts';
export { openRepl } from './repl/index.ts';
export { registerScheduler, Scheduler, type SchedulerChoice, type SchedulerRule } from './scheduler/index.ts';
export { registerClass } from './serialization/index.ts';
export {
  type App,
  type Apps,
  type BashApp,
  type BashAppDecorator,
  type CallOptions,
  type Command,
  type Futurable,
  type Settled,
  settled,
  type SpawnOptions,
  TaskManager,
  type TaskManagerOptions,
  type TsAppDecorator,
} from './task-manager/index.ts';
export { type LogLevel, type LogSink, setLogging, sh } from './util/index.ts';
