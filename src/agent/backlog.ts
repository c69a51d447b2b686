import { existsSync } from 'node:fs';
import { PipeError } from '../errors.ts';
import { type HostResources, isDiskFull } from '../util/index.ts';
import type { Assignment, Crew } from './crew.ts';
import type { Environments } from './environments.ts';
import { add, fits, isPlain, NOTHING_USED, type Usage } from './plan-claims.ts';
import { taskVariables } from './task-variables.ts';

interface BacklogEvents {
  readonly started: (assignment: Assignment) => void;
  /** It cannot be started. */
  readonly failed: (assignment: Assignment, error: unknown) => void;
}

/** Claimed tasks that wait for a worker, and running ones that wait to have their slot again. */
export class Backlog {
  readonly #crew: Crew;
  readonly #environments: Environments;
  readonly #host: HostResources;
  readonly #events: BacklogEvents;
  #waiting: Assignment[] = [];
  #resuming: number[] = [];

  constructor(
    { crew, environments, host }: { crew: Crew; environments: Environments; host: HostResources },
    events: BacklogEvents,
  ) {
    this.#crew = crew;
    this.#environments = environments;
    this.#host = host;
    this.#events = events;
  }

  get size(): number {
    return this.#waiting.length;
  }

  sizeOf(taskManager: number): number {
    return this.#waiting.reduce((count, one) => count + Number(one.taskManager === taskManager), 0);
  }

  /** What runs and what waits here take of this host; of quick tasks claimed ahead only those that run count. */
  get usage(): Usage {
    return this.#waiting
      .filter(({ options }) => !isPlain(options))
      .reduce((used, { options }) => add(used, options), this.#crew.usage);
  }

  add(assignment: Assignment): void {
    this.#waiting.push(assignment);
  }

  /** A task that waited for a Future wants to go on. */
  resume(task: number): void {
    this.#resuming.push(task);
  }

  /** Takes everything out that has not started. */
  takeAll(): readonly Assignment[] {
    return this.#waiting.splice(0);
  }

  /** Takes out what is of these apps. */
  takeOf(apps: readonly number[]): readonly Assignment[] {
    if (apps.length === 0) return [];
    const taken = this.#waiting.filter(({ app }) => apps.includes(app));
    this.#waiting = this.#waiting.filter(({ app }) => !apps.includes(app));
    return taken;
  }

  take(task: number): Assignment | undefined {
    const index = this.#waiting.findIndex(({ run }) => run.task === task);
    return index < 0 ? undefined : this.#waiting.splice(index, 1)[0];
  }

  /** Starts what can start now. */
  dispatch(): void {
    this.#resuming = this.#resuming.filter((task) => !this.#grant(task));
    const full = new Set<number>();
    this.#waiting = this.#waiting.filter((assignment) => {
      const { taskManager } = assignment;
      if (!full.has(taskManager) && this.#crew.freeSlots(taskManager) < 1) full.add(taskManager);
      if (full.has(taskManager)) return true;
      if (assignment.alone && !this.#crew.hasRoomAlone(taskManager)) {
        // The others let a worker come free for it.
        full.add(taskManager);
        return true;
      }
      return !this.#start(assignment);
    });
  }

  #grant(task: number): boolean {
    if (!this.#crew.takeBack(task)) return false;
    this.#crew.workerOf(task)?.send({ type: 'granted', task });
    return true;
  }

  /** False where it has to wait. */
  #start(assignment: Assignment): boolean {
    const { taskManager, run, options, cwd } = assignment;
    const crew = this.#crew.taskManagers.get(taskManager);
    // An earlier attempt that is still being ended goes first.
    if (crew === undefined || this.#crew.holds(run.task)) return false;
    const host = { ...this.#host, gpus: this.#host.gpus.length };
    if (!fits(options, NOTHING_USED, host)) return this.#fail(assignment, tooLarge());
    if (!fits(options, this.#crew.usage, host)) return false;
    if (!existsSync(cwd)) return this.#fail(assignment, folderGone(cwd));
    const env = this.#environments.of(taskManager, crew.environ, cwd);
    if (env === undefined) return false;
    if ('error' in env) return this.#fail(assignment, env.error);
    const busy = this.#crew.busyGpus;
    assignment.gpus = this.#host.gpus.filter((gpu) => !busy.has(gpu)).slice(0, options.gpus);
    try {
      this.#crew.start(assignment, {
        worker: env.values,
        task: taskVariables(assignment, crew.environ, env.values),
      });
    } catch (error) {
      // There is no room for the files of a worker: it waits for some.
      if (isDiskFull(error)) return false;
      return this.#fail(assignment, error);
    }
    this.#events.started(assignment);
    return true;
  }

  #fail(assignment: Assignment, error: unknown): true {
    this.#events.failed(assignment, error);
    return true;
  }
}

function folderGone(cwd: string): PipeError {
  return new PipeError(
    'TASK_FAILED',
    `The folder in which the task was called is not there: ${cwd}. Make it, and retry the task.`,
  );
}

function tooLarge(): PipeError {
  return new PipeError(
    'RESOURCES_IMPOSSIBLE',
    'The task asks for more cores, memory or GPUs than this host has. Ask for less.',
  );
}
