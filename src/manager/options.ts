import * as v from 'valibot';
import { PipeError } from '../errors.ts';
import { SPAWN_MODES, type SpawnMode } from '../model/index.ts';
import { type Provider, type ProviderChoice, providerFrom } from '../provider/index.ts';
import { Scheduler, type SchedulerChoice } from '../scheduler/index.ts';
import { parseOptions, unknownName, wholeNumber } from '../util/index.ts';

const seconds = v.pipe(v.number('seconds, above 0'), v.gtValue(0, 'seconds, above 0'));

const optionsSchema = v.strictObject({
  timeout: v.optional(seconds),
  timestep: v.optional(seconds),
  mode: v.optional(
    v.union([v.string(), v.array(v.string())], `of ${SPAWN_MODES.join(', ')}, one or several`),
  ),
  maxWorkers: v.optional(wholeNumber(1)),
  stopAfterFailures: v.optional(wholeNumber(1)),
  provider: v.optional(v.any()),
  scheduler: v.optional(v.any()),
  detach: v.optional(v.boolean('true or false')),
});

/** The same, read. */
export interface ManagerOptions {
  readonly timeout: number | undefined;
  readonly timestep: number;
  readonly modes: ReadonlySet<SpawnMode>;
  readonly maxWorkers: number | undefined;
  /** 1 by the mode `stop_at_error`. */
  readonly stopAfterFailures: number | undefined;
  /** In place of those of the task managers. */
  readonly provider: Provider | undefined;
  readonly scheduler: Scheduler | undefined;
  readonly detach: boolean;
}

export function parseSpawnOptions(options: unknown): ManagerOptions {
  const {
    timeout,
    timestep = 1,
    mode = [],
    maxWorkers,
    stopAfterFailures,
    provider,
    scheduler,
    detach = false,
  } = parseOptions(optionsSchema, options, 'spawn');
  const words = [mode]
    .flat()
    .flatMap((text) => text.split(/[\s,]+/))
    .filter((word) => word !== '');
  const modes = new Set(words.map(modeOf));
  return {
    timeout,
    timestep,
    modes,
    maxWorkers,
    stopAfterFailures: modes.has('stop_at_error') ? 1 : stopAfterFailures,
    // What is no provider and no scheduler is refused by these.
    provider: provider === undefined ? undefined : providerFrom(provider as ProviderChoice),
    scheduler: scheduler === undefined ? undefined : Scheduler.from(scheduler as SchedulerChoice),
    detach,
  };
}

function modeOf(word: string): SpawnMode {
  const mode = SPAWN_MODES.find((known) => known === word);
  if (mode !== undefined) return mode;
  throw new PipeError('OPTION_INVALID', unknownName('spawn mode', word, SPAWN_MODES));
}
