import * as v from 'valibot';
import { PipeError } from '../errors.ts';
import { isPlainObject, parseOptions, showValue, wholeNumber } from '../util/index.ts';
import { type SchedulerRule, schedulerRule } from './registry.ts';
import type { WorkerCounts, WorkerLimits } from './simple.ts';

const optionsSchema = v.strictObject({
  maxWorkers: v.optional(wholeNumber(1)),
  concurrency: v.optional(wholeNumber(1)),
});

/**
 * Options of a scheduler. `maxWorkers`: workers of a task manager over all hosts (default: by the provider, the
 * usable cores here and 1 on a batch system). `concurrency`: asynchronous tasks a worker overlaps (default 1).
 */
export type SchedulerOptions = v.InferOutput<typeof optionsSchema>;

/** A scheduler, its name, or a dictionary of its options (`scheduler`, default `simple`, holding the name). */
export type SchedulerChoice =
  | Scheduler
  | string
  | (SchedulerOptions & { readonly scheduler?: string | undefined });

/**
 * How many workers a task manager has.
 * Throws `NAME_UNKNOWN` for a name nobody registered and `OPTION_INVALID` for an option that is unknown or wrong.
 *
 * @example
 * new Scheduler('simple', { maxWorkers: 4 });
 * Scheduler.from({ maxWorkers: 4 }); // the same
 */
export class Scheduler {
  readonly name: string;
  readonly maxWorkers: number | undefined;
  readonly concurrency: number;
  readonly #rule: SchedulerRule;

  constructor(name = 'simple', options: SchedulerOptions = {}) {
    const { maxWorkers, concurrency = 1 } = parseOptions(optionsSchema, options, 'scheduler');
    this.#rule = schedulerRule(name);
    this.name = name;
    this.maxWorkers = maxWorkers;
    this.concurrency = concurrency;
  }

  /** The scheduler that an instance, a name, or a dictionary of options stands for; by default `simple`. */
  static from(choice: SchedulerChoice = {}): Scheduler {
    if (choice instanceof Scheduler) return choice;
    if (typeof choice === 'string') return new Scheduler(choice);
    if (!isPlainObject(choice)) throw notAScheduler(choice);
    const { scheduler: name = 'simple', ...options } = choice;
    if (typeof name !== 'string') throw notAScheduler(name);
    return new Scheduler(name, options);
  }

  /**
   * How many workers to start now. `limits.maxWorkers` is the provider's default, which the option replaces.
   * Free of side effects.
   */
  workersToStart(counts: WorkerCounts, limits: Omit<WorkerLimits, 'concurrency'>): number {
    const maxWorkers = this.maxWorkers ?? limits.maxWorkers;
    return this.#rule(counts, { ...limits, maxWorkers, concurrency: this.concurrency });
  }

  /** A plain description that `Scheduler.from` takes; equal schedulers have equal ones. */
  toJSON(): { scheduler: string; concurrency: number; maxWorkers?: number } {
    const { name: scheduler, concurrency, maxWorkers } = this;
    return maxWorkers === undefined ? { scheduler, concurrency } : { scheduler, concurrency, maxWorkers };
  }
}

function notAScheduler(value: unknown): PipeError {
  return new PipeError(
    'OPTION_INVALID',
    `scheduler must be a Scheduler, the name of one, or a dictionary of options, not ${showValue(value)}.`,
  );
}
