import * as v from 'valibot';
import { PipeError } from '../errors.ts';
import { SPAWN_MODES, type SpawnMode } from '../model/index.ts';
import { parseOptions, unknownName, wholeNumber } from '../util/index.ts';

const seconds = v.pipe(v.number('seconds, above 0'), v.gtValue(0, 'seconds, above 0'));

const optionsSchema = v.strictObject({
  timeout: v.optional(seconds),
  timestep: v.optional(seconds),
  mode: v.optional(
    v.union([v.string(), v.array(v.string())], `of ${SPAWN_MODES.join(', ')}, one or several`),
  ),
  maxWorkers: v.optional(wholeNumber(1)),
  detach: v.optional(v.boolean('true or false')),
});

/** The same, read. */
export interface ManagerOptions {
  readonly timeout: number | undefined;
  readonly timestep: number;
  readonly modes: ReadonlySet<SpawnMode>;
  readonly maxWorkers: number | undefined;
  readonly detach: boolean;
}

export function parseSpawnOptions(options: unknown): ManagerOptions {
  const {
    timeout,
    timestep = 1,
    mode = [],
    maxWorkers,
    detach = false,
  } = parseOptions(optionsSchema, options, 'spawn');
  const words = [mode]
    .flat()
    .flatMap((text) => text.split(/[\s,]+/))
    .filter((word) => word !== '');
  return { timeout, timestep, modes: new Set(words.map(modeOf)), maxWorkers, detach };
}

function modeOf(word: string): SpawnMode {
  const mode = SPAWN_MODES.find((known) => known === word);
  if (mode !== undefined) return mode;
  throw new PipeError('OPTION_INVALID', unknownName('spawn mode', word, SPAWN_MODES));
}
