/** What an agent is started for. */
export interface AgentRequest {
  /** Path of the queue file. */
  readonly queue: string;
  /** Row id of the agent, which it takes over when it starts. */
  readonly agent: number;
  /** Environment of the agent process. */
  readonly env: NodeJS.ProcessEnv;
  /** File for what the agent itself prints; its folder exists. */
  readonly log: string;
}

/** What is known of a job: `unknown` is not the same as `ended`. */
export type JobState = 'pending' | 'running' | 'ended' | 'unknown';

/** Cores, memory and GPUs that a task asks for. */
export interface Resources {
  readonly cores: number;
  readonly memoryBytes: number;
  readonly gpus: number;
}

/**
 * Starts agents somewhere: on this machine, or as jobs of a batch system. Three verbs are all there is: submit one,
 * ask about many, stop many.
 */
export interface Provider {
  readonly name: string;
  /** True where one agent per host serves all task managers of a queue. */
  readonly sharesAgent: boolean;
  /** Workers of a task manager whose scheduler does not say. */
  readonly defaultMaxWorkers: number;
  /** Starts an agent; returns the id of its job. */
  submit(request: AgentRequest): Promise<string>;
  /** What is known of jobs, by id. */
  status(jobs: readonly string[]): Promise<ReadonlyMap<string, JobState>>;
  stop(jobs: readonly string[]): Promise<void>;
  /** In words, why a task that needs these resources can never run; undefined where it can. */
  whyImpossible(resources: Resources): string | undefined;
  /** A plain description that `providerFrom` takes; equal providers have equal ones. */
  toJSON(): Readonly<Record<string, unknown>>;
}
