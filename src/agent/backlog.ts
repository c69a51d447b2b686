import { existsSync } from 'node:fs';
import { PipeError } from '../errors.ts';
import type { Recipe } from '../queue/index.ts';
import { type HostResources, isDiskFull } from '../util/index.ts';
import type { Assignment, Workload } from './assignment.ts';
import type { Crew } from './crew.ts';
import type { Environments } from './environments.ts';
import type { Pace } from './pace.ts';
import { add, fits, isPlain, NOTHING_USED, type Usage } from './plan-claims.ts';
import { gpuVariables, taskVariables } from './task-variables.ts';

interface Hands {
  readonly crew: Crew;
  readonly environments: Environments;
  readonly host: () => HostResources;
  readonly pace: Pace;
  /** Whether workers may be sent more than they can begin. */
  readonly sendsAhead: boolean;
  /** It cannot be started. */
  readonly failed: (assignment: Assignment, error: unknown) => void;
}

/** What all tasks of a workload start with. */
interface Setting {
  readonly recipe: Recipe;
  /** Of the workers' processes. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Whether tasks of a workload can start now, as far as that is the same for all of them. */
type Readiness = Setting | 'later' | { readonly error: unknown };

/** Claimed tasks that wait for a worker, and running ones that wait to have their slot again. */
export class Backlog {
  readonly #hands: Hands;
  readonly #settings = new Map<Workload, Setting>();
  #waiting: Assignment[] = [];
  #resuming: number[] = [];
  #recipes = 0;

  constructor(hands: Hands) {
    this.#hands = hands;
  }

  get size(): number {
    return this.#waiting.length;
  }

  sizeOf(taskManager: number): number {
    return this.#waiting.reduce(
      (count, { workload }) => count + Number(workload.taskManager === taskManager),
      0,
    );
  }

  /** What runs and what waits here take of this host; of quick tasks claimed ahead only those that run count. */
  get usage(): Usage {
    return this.#waiting
      .filter(({ workload }) => !isPlain(workload.options))
      .reduce((used, { workload }) => add(used, workload.options), this.#hands.crew.usage);
  }

  add(assignments: readonly Assignment[]): void {
    this.#waiting = this.#waiting.concat(assignments);
  }

  /** Tasks that a worker was sent and did not begin go before the others. */
  putBack(assignments: readonly Assignment[]): void {
    this.#waiting = assignments.concat(this.#waiting);
  }

  /** A task that waited for a Future wants to go on. */
  resume(task: number): void {
    this.#resuming.push(task);
  }

  /** Takes out all of which this is true. */
  take(isWanted: (assignment: Assignment) => boolean): readonly Assignment[] {
    const taken = this.#waiting.filter(isWanted);
    if (taken.length > 0) this.#waiting = this.#waiting.filter((assignment) => !taken.includes(assignment));
    return taken;
  }

  /** Starts what can start now, and sends quick tasks ahead. */
  dispatch(): void {
    this.#resuming = this.#resuming.filter((task) => !this.#grant(task));
    if (this.#waiting.length === 0) return;
    const round = new Round();
    const kept: Assignment[] = [];
    let at = 0;
    const { size: taskManagers } = this.#hands.crew.taskManagers;
    for (; at < this.#waiting.length && round.fullCount < taskManagers; at++) {
      const assignment = this.#waiting[at];
      if (assignment !== undefined && !this.#begin(assignment, round)) kept.push(assignment);
    }
    this.#waiting = kept.concat(this.#waiting.slice(at));
  }

  /** False where it has to wait. */
  #begin(assignment: Assignment, round: Round): boolean {
    const { taskManager } = assignment.workload;
    if (round.isFull(taskManager)) return false;
    const { crew } = this.#hands;
    if (crew.freeSlots(taskManager) < 1) return this.#sendAhead(assignment, round);
    if (assignment.alone && !crew.hasRoomAlone(taskManager)) {
      // The others let a worker come free for it.
      round.fill(taskManager);
      return false;
    }
    return this.#start(assignment, round);
  }

  #grant(task: number): boolean {
    const { crew } = this.#hands;
    if (!crew.takeBack(task)) return false;
    crew.workerOf(task)?.send({ type: 'granted', task });
    return true;
  }

  #start(assignment: Assignment, round: Round): boolean {
    const { crew } = this.#hands;
    const { workload, task } = assignment;
    // An earlier attempt that is still being ended goes first.
    if (crew.holds(task)) return false;
    const ready = round.readiness(workload, () => this.#readiness(workload));
    if (ready === 'later') return false;
    if ('error' in ready) return this.#fail(assignment, ready.error);
    const host = this.#hands.host();
    if (!fits(workload.options, crew.usage, { ...host, gpus: host.gpus.length })) return false;
    const busy = crew.busyGpus;
    assignment.gpus = host.gpus.filter((gpu) => !busy.has(gpu)).slice(0, workload.options.gpus);
    const env = gpuVariables(assignment.gpus);
    const { recipe, variables } = ready;
    return this.#send(assignment, () => {
      crew.start({ assignment, recipe, ...(env && { env }) }, variables);
      return true;
    });
  }

  /** To a worker that is busy with quick tasks; what declares resources waits until there are some. */
  #sendAhead(assignment: Assignment, round: Round): boolean {
    const { crew, pace, sendsAhead } = this.#hands;
    const { workload, alone, task } = assignment;
    // Those that want to go on have the next slots that come free.
    const mayGoAhead =
      sendsAhead && this.#resuming.length === 0 && !alone && isPlain(workload.options) && !crew.holds(task);
    const limit = mayGoAhead ? pace.ahead(workload.lane) : 0;
    const ready = limit > 0 ? round.readiness(workload, () => this.#readiness(workload)) : 'later';
    const isSent =
      ready !== 'later' &&
      'recipe' in ready &&
      this.#send(assignment, () => crew.startAhead({ assignment, recipe: ready.recipe }, limit));
    if (!isSent) round.fill(workload.taskManager);
    return isSent;
  }

  /** What it cannot be sent for has failed. */
  #send(assignment: Assignment, send: () => boolean): boolean {
    try {
      return send();
    } catch (error) {
      // There is no room for the files of a worker: it waits for some.
      return isDiskFull(error) ? false : this.#fail(assignment, error);
    }
  }

  #readiness(workload: Workload): Readiness {
    const { crew, environments } = this.#hands;
    const host = this.#hands.host();
    const { taskManager, options, cwd } = workload;
    const known = crew.taskManagers.get(taskManager);
    if (known === undefined) return 'later';
    if (!fits(options, NOTHING_USED, { ...host, gpus: host.gpus.length })) return { error: tooLarge() };
    if (!existsSync(cwd)) return { error: folderGone(cwd) };
    const env = environments.of(taskManager, known.environ, cwd);
    if (env === undefined) return 'later';
    if ('error' in env) return env;
    const setting = this.#settings.get(workload) ?? {
      variables: env.values,
      recipe: this.#recipeOf(workload, taskVariables(options, known.environ, env.values)),
    };
    this.#settings.set(workload, setting);
    return setting;
  }

  #recipeOf(workload: Workload, env: Readonly<Record<string, string>>): Recipe {
    const { name, kind, program, options } = workload;
    const { timeoutSeconds, versions } = options;
    return { recipe: ++this.#recipes, name, kind, program, timeoutSeconds, versions, env };
  }

  #fail(assignment: Assignment, error: unknown): true {
    this.#hands.failed(assignment, error);
    return true;
  }
}

/** What was found out while tasks were started one after the other. */
class Round {
  readonly #full = new Set<number>();
  readonly #readiness = new Map<Workload, Readiness>();

  /** No worker of a task manager takes any more. */
  fill(taskManager: number): void {
    this.#full.add(taskManager);
  }

  isFull(taskManager: number): boolean {
    return this.#full.has(taskManager);
  }

  get fullCount(): number {
    return this.#full.size;
  }

  readiness(workload: Workload, look: () => Readiness): Readiness {
    const known = this.#readiness.get(workload) ?? look();
    this.#readiness.set(workload, known);
    return known;
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
