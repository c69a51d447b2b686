import * as v from 'valibot';
import { PipeError } from '../errors.ts';
import { parseOptions, unknownName, wholeNumber } from '../util/index.ts';

export const MODES = ['stop_at_error', 'retry_at_timeout', 'no_stream', 'no_out'] as const;
export type SpawnMode = (typeof MODES)[number];

const seconds = v.pipe(v.number('seconds, above 0'), v.gtValue(0, 'seconds, above 0'));

const optionsSchema = v.strictObject({
  timeout: v.optional(seconds),
  timestep: v.optional(seconds),
  mode: v.optional(v.union([v.string(), v.array(v.string())], `of ${MODES.join(', ')}, one or several`)),
  maxWorkers: v.optional(wholeNumber(1)),
  detach: v.optional(v.boolean('true or false')),
});

/**
 * Options of `spawn`.
 *
 * - `timeout`: seconds after which it starts nothing more and resolves (none).
 * - `timestep`: seconds between looks at the queue when nothing tells it to look (1).
 * - `mode`, one or several: `stop_at_error` starts nothing more once a task of this run failed; `retry_at_timeout` makes
 *   tasks that ran too long due again instead of KILLED; `no_stream` does not show what tasks print; `no_out` does not
 *   keep their standard output either.
 * - `maxWorkers`: a further bound on the workers of every task manager.
 * - `detach`: a manager process of its own does the work, and `spawn` resolves at once.
 */
export type SpawnOptions = v.InferInput<typeof optionsSchema>;

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
  const mode = MODES.find((known) => known === word);
  if (mode !== undefined) return mode;
  throw new PipeError('OPTION_INVALID', unknownName('spawn mode', word, MODES));
}
