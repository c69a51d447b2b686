import { constants } from 'node:os';
import * as v from 'valibot';
import { PipeError } from '../errors.ts';
import type { RetryDelay } from '../model/index.ts';
import { unknownName } from '../util/index.ts';

const seconds = v.pipe(v.number('seconds, above 0'), v.gtValue(0, 'seconds, above 0'));
const factor = v.pipe(v.number('at least 1'), v.minValue(1, 'at least 1'));

export const retryDelaySchema = v.union(
  [seconds, v.strictObject({ first: seconds, factor: v.optional(factor), max: v.optional(seconds) })],
  'seconds, above 0, or { first, factor, max }',
);

const REASONS = 'a list of class names, codes, signals, exit codes, and timeout or memory';
const reason = v.union(
  [v.pipe(v.string(REASONS), v.nonEmpty(REASONS)), v.pipe(v.number(REASONS), v.safeInteger(REASONS))],
  REASONS,
);

export const retryOnSchema = v.array(reason, REASONS);

type DelayOption = v.InferOutput<typeof retryDelaySchema>;

const FACTOR = 2;
const MAX_SECONDS = 3600;

/** A number is the first delay; later ones double, up to an hour. */
export function retryDelayOf(option: DelayOption | undefined): RetryDelay | undefined {
  if (option === undefined) return undefined;
  const { first, factor = FACTOR, max } = typeof option === 'number' ? { first: option } : option;
  return { first, factor, max: max ?? Math.max(first, MAX_SECONDS) };
}

/** Refuses the misspelt name of a signal, which would match nothing. */
export function checkRetryOn(reasons: readonly (string | number)[] = []): void {
  const signals = Object.keys(constants.signals);
  for (const name of reasons) {
    if (typeof name !== 'string' || !/^SIG[A-Z]/.test(name) || signals.includes(name)) continue;
    throw new PipeError('OPTION_INVALID', unknownName('app.retryOn signal', name, signals));
  }
}
