import { describe, expect, it } from 'vitest';
import { type Provider, spawn } from 'tspipe';
import { makePlace } from '../helpers/place.ts';
import { mostAtOnce, spanTo } from '../helpers/spans.ts';

const quiet = { mode: 'no_stream' } as const;

describe('the options provider and scheduler of spawn', () => {
  it('go before those of the task managers', async () => {
    const place = makePlace();
    const started: string[] = [];
    const never: Provider = {
      name: 'never',
      sharesAgent: true,
      defaultMaxWorkers: 1,
      submit: async () => {
        throw new Error('never');
      },
      status: async () => new Map(),
      stop: async () => {},
      whyImpossible: () => undefined,
      toJSON: () => ({ provider: 'never' }),
    };
    const jobs = place.taskManager().provider;
    const other: Provider = {
      ...never,
      name: 'other',
      submit: async (request) => {
        started.push(request.queue);
        return await jobs.submit(request);
      },
      status: async (ids) => await jobs.status(ids),
      toJSON: () => ({ provider: 'other' }),
    };
    const span = place.taskManager({ provider: never, scheduler: { maxWorkers: 8 } }).tsApp(spanTo(place));
    for (let n = 0; n < 4; n++) span(n, 20);
    const options = { ...quiet, provider: other, scheduler: { maxWorkers: 1 } };
    expect(await spawn(place.queue, options)).toMatchObject({ stopped: 'done', succeeded: 4 });
    expect(started).toEqual([place.queue.path]);
    expect(mostAtOnce(place.lines())).toBe(1);
  });
});
