import * as v from 'valibot';
import { PipeError } from '../errors.ts';
import { type RetryDelay, TASK_STATES, type TaskStateName } from '../model/index.ts';
import { parseBytes, parseOptions, wholeNumber } from '../util/index.ts';
import { checkRetryOn, retryDelayOf, retryDelaySchema, retryOnSchema } from './retry-options.ts';

const stateNames = v.array(v.picklist(TASK_STATES, `a list of ${TASK_STATES.join(', ')}`));

const identitySchema = v.strictObject({
  environ: v.optional(v.boolean('true or false')),
  versions: v.optional(v.array(v.string('a list of package names'))),
});

const reuseSchema = v.strictObject({
  name: v.optional(v.string('the name of an app')),
  states: v.optional(stateNames),
  by: v.optional(v.picklist(['arguments', 'index'], "'arguments' or 'index'")),
});

const positive = v.pipe(v.number('a number above 0'), v.gtValue(0, 'a number above 0'));

const shared = {
  retries: v.optional(wholeNumber(0)),
  retryDelaySeconds: v.optional(retryDelaySchema),
  retryOn: v.optional(retryOnSchema),
  timeoutSeconds: v.optional(positive),
  priority: v.optional(v.number('a number')),
  cores: v.optional(wholeNumber(1)),
  memory: v.optional(v.union([v.string(), v.number()], "bytes, or a size such as '16 GB'")),
  gpus: v.optional(wholeNumber(0)),
  identity: v.optional(identitySchema),
  version: v.optional(v.string('a string')),
  reuse: v.optional(v.union([v.boolean(), reuseSchema], 'true, false, or { name, states, by }')),
  retryFailed: v.optional(v.boolean('true or false')),
  skip: v.optional(v.boolean('true or false')),
};

const appSchema = v.strictObject({
  name: v.optional(v.string('a string')),
  uses: v.optional(v.record(v.string(), v.unknown(), 'an object of values by the names of variables')),
  ...shared,
});
const callSchema = v.strictObject({
  ...shared,
  after: v.optional(v.union([v.array(v.unknown()), v.object({})], 'a Future or a list of Futures')),
  key: v.optional(v.string('a string')),
});

/**
 * Options of an app.
 *
 * - `name`: default the function's own.
 * - `retries`: further attempts after one that failed (0).
 * - `retryDelaySeconds`: how long to wait before each of them: a number, doubled each time up to an hour, or
 *   `{ first, factor, max }`; up to a quarter longer, so that tasks do not come back together (none).
 * - `retryOn`: which failures are retried, any of: names of error classes (`'Error'` is every thrown one), error codes,
 *   exit codes, signals, `'timeout'`, `'memory'` (all but time-outs; never a user's kill).
 * - `timeoutSeconds`: an attempt that runs longer is KILLED (none).
 * - `priority`: higher starts first (0).
 * - `cores`, `memory` (bytes or `'16 GB'`), `gpus`: what a task takes of its host (1 core). One that uses more memory
 *   than it declares is KILLED.
 * - `identity: { environ: false }`: the declared environment does not count for identity;
 *   `identity: { versions: ['name'] }`: these packages' versions do.
 * - `version`: replaces the code in the identity.
 * - `reuse`: keeps results although the code changed: by equal arguments, or by the number of the call.
 * - `retryFailed: false`: calling again leaves a failed task as it is.
 * - `skip`: calls add nothing and return undefined.
 * - `uses: { name: value }`: what variables of these names are in the function and in what it reaches, instead of what
 *   they hold in the script; also for variables that cannot be read or cannot travel.
 */
export type AppOptions = v.InferOutput<typeof appSchema>;

/** Options for one call: those of the app, `after` (Futures to wait for) and `key` (adds to the identity). */
export type CallOptions = v.InferOutput<typeof callSchema>;

export function parseAppOptions(options: unknown): AppOptions {
  const parsed = parseOptions(appSchema, options, 'app');
  checkRetryOn(parsed.retryOn);
  parseMemory(parsed.memory);
  return parsed;
}

export function parseCallOptions(options: unknown): CallOptions {
  const parsed = parseOptions(callSchema, options, 'app.with');
  checkRetryOn(parsed.retryOn);
  parseMemory(parsed.memory);
  return parsed;
}

/** What a lane's row holds: how its tasks are run. */
export interface LaneOptions {
  readonly retries: number;
  readonly retryDelay?: RetryDelay | undefined;
  /** Where not there: everything but time-outs. */
  readonly retryOn?: readonly (string | number)[] | undefined;
  readonly timeoutSeconds: number | null;
  /** 0 where not declared: then maxWorkers alone bounds how many run. */
  readonly cores: number;
  readonly memoryBytes: number;
  readonly gpus: number;
  /** Packages whose versions count for identity, with these versions. */
  readonly versions: Readonly<Record<string, string>>;
}

export function laneOptions(options: AppOptions, versions: LaneOptions['versions']): LaneOptions {
  return {
    retries: options.retries ?? 0,
    ...retryLane(options),
    timeoutSeconds: options.timeoutSeconds ?? null,
    cores: options.cores ?? 0,
    memoryBytes: parseMemory(options.memory),
    gpus: options.gpus ?? 0,
    versions,
  };
}

/** Only what is set, so that lanes without it are what they always were. */
function retryLane({ retryDelaySeconds, retryOn }: AppOptions): Pick<LaneOptions, 'retryDelay' | 'retryOn'> {
  const retryDelay = retryDelayOf(retryDelaySeconds);
  return {
    ...(retryDelay === undefined ? {} : { retryDelay }),
    ...(retryOn === undefined ? {} : { retryOn }),
  };
}

/** The options of an app that give a lane these. */
export function optionsOfLane(lane: LaneOptions): AppOptions {
  const { retries, retryDelay, retryOn, timeoutSeconds, cores, memoryBytes, gpus, versions } = lane;
  return {
    retries,
    ...(retryDelay === undefined ? {} : { retryDelaySeconds: retryDelay }),
    ...(retryOn === undefined ? {} : { retryOn: [...retryOn] }),
    gpus,
    ...(timeoutSeconds === null ? {} : { timeoutSeconds }),
    ...(cores === 0 ? {} : { cores }),
    ...(memoryBytes === 0 ? {} : { memory: memoryBytes }),
    ...(Object.keys(versions).length === 0 ? {} : { identity: { versions: Object.keys(versions) } }),
  };
}

/** How an app keeps earlier results although its code changed. */
export interface Reuse {
  readonly name: string;
  readonly states: readonly TaskStateName[];
  readonly by: 'arguments' | 'index';
}

export function reuseOf(option: AppOptions['reuse'], appName: string): Reuse | undefined {
  if (option === undefined || option === false) return undefined;
  const { name = appName, states = ['SUCCEEDED'], by = 'arguments' } = option === true ? {} : option;
  return { name, states, by };
}

function parseMemory(memory: string | number | undefined): number {
  if (memory === undefined) return 0;
  const bytes = parseBytes(memory);
  if (bytes > 0) return bytes;
  throw new PipeError('OPTION_INVALID', `app.memory must be above 0, not ${String(memory)}.`);
}
