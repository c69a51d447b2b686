import * as v from 'valibot';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { PipeError } from '../../src/errors.ts';
import { parseOptions, wholeNumber } from '../../src/util/index.ts';

const scheduler = v.strictObject({ maxWorkers: v.optional(wholeNumber(1)) });
const schema = v.strictObject({
  queue: v.string(),
  scheduler: v.optional(v.union([v.string(), scheduler], 'a name or an object of options')),
  mode: v.optional(v.picklist(['fast', 'safe'])),
  tags: v.optional(v.array(v.string())),
  nested: v.optional(v.strictObject({ depth: v.optional(v.number()) })),
  profiles: v.optional(v.record(v.string(), v.strictObject({ provider: v.optional(v.string()) }))),
  timeoutSeconds: v.optional(v.pipe(v.number(), v.minValue(0))),
});

function messageFor(value: unknown): string {
  try {
    parseOptions(schema, value, 'TaskManager');
  } catch (error) {
    expect(error).toBeInstanceOf(PipeError);
    expect(error).toHaveProperty('code', 'OPTION_INVALID');
    return (error as PipeError).message;
  }
  throw new Error('nothing was refused');
}

describe('parseOptions', () => {
  it('returns the options, typed by the schema', () => {
    const options = parseOptions(scheduler, { maxWorkers: 4 }, 'scheduler');
    expect(options).toEqual({ maxWorkers: 4 });
    expectTypeOf(options.maxWorkers).toEqualTypeOf<number | undefined>();
  });

  it.each<[unknown, string]>([
    [{ queue: 'q', schedular: 1 }, 'TaskManager option "schedular" is unknown. Did you mean "scheduler"?'],
    [{ queu: 'q' }, 'TaskManager option "queu" is unknown. Did you mean "queue"?'],
    [
      { queue: 'q', nested: { dpth: 1 } },
      'TaskManager.nested option "dpth" is unknown. Did you mean "depth"?',
    ],
    [
      { queue: 'q', profiles: { sims: { providr: 'x' } } },
      'TaskManager.profiles.sims option "providr" is unknown. Did you mean "provider"?',
    ],
  ])('refuses the unknown name in %j with the nearest', (value, message) => {
    expect(messageFor(value)).toBe(message);
  });

  it.each<[unknown, string]>([
    [{}, 'TaskManager.queue is missing.'],
    [{ queue: 3 }, 'TaskManager.queue must be text, not 3.'],
    [{ queue: 'q', mode: 'slow' }, 'TaskManager.mode must be one of "fast", "safe", not "slow".'],
    [{ queue: 'q', tags: ['a', 2] }, 'TaskManager.tags.1 must be text, not 2.'],
    [{ queue: 'q', timeoutSeconds: -1 }, 'TaskManager.timeoutSeconds must be at least 0, not -1.'],
    [{ queue: 'q', scheduler: 4 }, 'TaskManager.scheduler must be a name or an object of options, not 4.'],
    [
      { queue: 'q', scheduler: { maxWorkers: 0 } },
      'TaskManager.scheduler.maxWorkers must be a whole number of at least 1, not 0.',
    ],
    ['q', 'TaskManager must be an object of options, not "q".'],
    [null, 'TaskManager must be an object of options, not null.'],
    [[], 'TaskManager must be an object of options, not [].'],
    [new Date(0), 'TaskManager must be an object of options, not 1970-01-01T00:00:00.000Z.'],
  ])('says of %j what it must be', (value, message) => {
    expect(messageFor(value)).toBe(message);
  });

  it.each(['four', 0, 1.5, Number.NaN, Infinity, null])('refuses %j workers', (maxWorkers) => {
    expect(() => parseOptions(scheduler, { maxWorkers }, 'scheduler')).toThrow(
      /^scheduler\.maxWorkers must be a whole number of at least 1, not /,
    );
  });
});
