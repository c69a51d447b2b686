import type { SpawnMode } from '../model/index.ts';
import type { ProviderChoice } from '../provider/index.ts';
import type { SchedulerChoice } from '../scheduler/index.ts';

/** Options of `spawn`. A manager that is alive already keeps its own `maxWorkers`, `provider` and `scheduler`. */
export interface SpawnOptions {
  /** Seconds after which it starts nothing more and resolves; default none. */
  readonly timeout?: number | undefined;
  /** Seconds between looks at the queue when nothing tells it to look; default 1. */
  readonly timestep?: number | undefined;
  /** One or several, as a list or in one text with spaces or commas between them. */
  readonly mode?: SpawnMode | (string & {}) | readonly (SpawnMode | (string & {}))[] | undefined;
  /** A further bound on the workers of every task manager. */
  readonly maxWorkers?: number | undefined;
  /** It starts nothing more once so many tasks of this run have failed; default none. */
  readonly stopAfterFailures?: number | undefined;
  /** Starts agents in place of the providers that task managers were given. */
  readonly provider?: ProviderChoice | undefined;
  /** Decides in place of the schedulers that task managers were given. */
  readonly scheduler?: SchedulerChoice | undefined;
  /** A manager process of its own does the work, and `spawn` resolves at once; default false. */
  readonly detach?: boolean | undefined;
}
