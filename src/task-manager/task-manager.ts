import { hash } from 'node:crypto';
import * as v from 'valibot';
import {
  type AnyFunction,
  type AppKind,
  type Call,
  createPerWorker,
  isApp,
  type LaneOptions,
  parseAppOptions,
  type PerWorker,
  REMADE,
  type Remade,
  type TaskManagerDescription,
} from '../app/index.ts';
import { loadConfig, loadProfile, profileOf, readSection } from '../config/index.ts';
import { Environment, type EnvironmentChoice } from '../environment/index.ts';
import { PipeError } from '../errors.ts';
import type { SpawnResult } from '../model/index.ts';
import { type Provider, type ProviderChoice, providerFrom } from '../provider/index.ts';
import { Queue } from '../queue/index.ts';
import { Scheduler, type SchedulerChoice } from '../scheduler/index.ts';
import { parseOptions, showValue } from '../util/index.ts';
import { appMembers } from './app-members.ts';
import type { Apps } from './app-types.ts';
import { decorate } from './decorate.ts';
import type { BashAppDecorator, TsAppDecorator } from './decorator-types.ts';
import { makeApp, type AppHome } from './make-app.ts';
import type { SpawnOptions } from './spawn-options.ts';
import { spawnPort } from './spawn-port.ts';

const optionsSchema = v.strictObject({
  queue: v.optional(v.any()),
  environ: v.optional(v.any()),
  scheduler: v.optional(v.any()),
  provider: v.optional(v.any()),
  profile: v.optional(v.string('the name of a profile')),
});

/**
 * What a task manager joins; `environ`, `scheduler` and `provider` default to those of `profile`, and then to the
 * configuration's. `--profile NAME` behind the script, or `TSPIPE_PROFILE`, chooses another profile for all its task
 * managers.
 */
export interface TaskManagerOptions {
  readonly queue: Queue | string;
  readonly environ?: EnvironmentChoice | undefined;
  readonly scheduler?: SchedulerChoice | undefined;
  readonly provider?: ProviderChoice | undefined;
  /** Name of a profile of the configuration. */
  readonly profile?: string | undefined;
}

/**
 * A queue with an environment, a scheduler and a provider: what decorators hang on.
 * Throws `OPTION_INVALID` and `NAME_UNKNOWN`.
 *
 * @example
 * const tm = new TaskManager({ queue, scheduler: { maxWorkers: 4 } });
 * const square = tm.tsApp(function square(x: number) { return x * x; });
 * const nine = square(3); // Future<number>
 */
export class TaskManager {
  readonly queue: Queue;
  readonly environ: Environment;
  readonly scheduler: Scheduler;
  readonly provider: Provider;
  readonly #home: AppHome;

  constructor(options: TaskManagerOptions) {
    const given = parseOptions(optionsSchema, options, 'TaskManager') as TaskManagerOptions;
    const config = loadProfile(given.profile);
    this.queue = typeof given.queue === 'string' ? new Queue(given.queue) : given.queue;
    if (!(this.queue instanceof Queue)) {
      throw new PipeError(
        'OPTION_INVALID',
        `TaskManager.queue must be a Queue or the name of one, not ${showValue(given.queue)}.`,
      );
    }
    const { environ, scheduler, provider } = given;
    this.environ =
      environ === undefined
        ? readSection(config, 'environ', (choice) => Environment.from(choice as EnvironmentChoice))
        : Environment.from(environ);
    this.scheduler =
      scheduler === undefined ? readSection(config, 'scheduler', Scheduler.from) : Scheduler.from(scheduler);
    this.provider =
      provider === undefined ? readSection(config, 'provider', providerFrom) : providerFrom(provider);
    this.#home = {
      taskManager: this.#describe(),
      submit: (call: Call) => Queue.hostOf(this.queue).submit(call),
      whyImpossible: (wanted: LaneOptions) => this.provider.whyImpossible(wanted),
    };
  }

  /** Hash of environment, scheduler and provider: equal task managers have equal ids. */
  get id(): string {
    return this.#home.taskManager.key;
  }

  /** What a task whose function refers to it makes of it. */
  get [REMADE](): Remade {
    const { environ, scheduler, provider, environIdentity } = this.#home.taskManager;
    const body = { queue: this.queue.path, environ, scheduler, provider };
    return { tag: 'TaskManager', body, key: environIdentity };
  }

  /** The same as another one, from its description. */
  static remade(description: unknown): TaskManager {
    const { queue, environ, scheduler, provider } = description as Record<string, string>;
    const read = (text = '{}') => JSON.parse(text) as never;
    return new TaskManager({
      queue: new Queue(queue ?? ''),
      environ: read(environ),
      scheduler: read(scheduler),
      provider: read(provider),
    });
  }

  /** Another task manager on the same queue, with these things changed; a profile changes what it sets. */
  clone(changes: Partial<TaskManagerOptions> = {}): TaskManager {
    const { queue, environ, scheduler, provider } = this;
    const profile = changes.profile === undefined ? {} : profileOf(loadConfig(), changes.profile);
    // What the profile sets is read where its place in the file is known.
    const kept = Object.entries({ environ, scheduler, provider }).filter(
      ([key]) => !Object.hasOwn(profile, key),
    );
    return new TaskManager({ queue, ...Object.fromEntries(kept), ...changes });
  }

  /**
   * Makes an app of a function: as a decorator of a static method (standard and legacy), or called with a function or
   * with options first. A bound property, so `const { tsApp } = tm` works.
   */
  readonly tsApp = ((...args: unknown[]) => this.#decorate('ts', args)) as TsAppDecorator;

  /** The same for functions that give a command: an argument list, run without a shell, or a text for bash. */
  readonly bashApp = ((...args: unknown[]) => this.#decorate('bash', args)) as BashAppDecorator;

  /**
   * The static methods of a class, or the functions of a record or a module, as apps with their types. Those decorated
   * already stay what they are; the others become ts apps of this task manager. Classes and generators are passed over.
   */
  apps<C extends object>(source: C): Apps<C> {
    return Object.fromEntries(
      appMembers(source).map(([name, fn]) => [name, this.#appOf(name, fn, source)]),
    ) as Apps<C>;
  }

  /**
   * One of something for each worker: `const client = tm.perWorker(() => new Client())`; inside a task `client()` gives
   * it. The factory is captured like any function.
   */
  perWorker<T>(factory: () => T): PerWorker<T> {
    return createPerWorker(factory);
  }

  /** Runs the queue: see `spawn`. */
  async spawn(options: SpawnOptions = {}): Promise<SpawnResult> {
    return await spawnPort.spawn(this.queue, options);
  }

  #appOf(name: string, value: AnyFunction, source: object): unknown {
    if (isApp(value)) return value;
    const receiver = typeof source === 'function' ? () => source : undefined;
    return makeApp(value, { kind: 'ts', options: { name }, home: this.#home, receiver });
  }

  #decorate(kind: AppKind, args: readonly unknown[]): unknown {
    return decorate({ kind, options: {}, home: this.#home }, parseAppOptions, args);
  }

  #describe(): TaskManagerDescription {
    const environ = JSON.stringify(this.environ);
    const scheduler = JSON.stringify(this.scheduler);
    const provider = JSON.stringify(this.provider);
    const key = hash('sha256', JSON.stringify([environ, scheduler, provider])).slice(0, 16);
    return { key, environ, scheduler, provider, environIdentity: this.environ.identity() };
  }
}
