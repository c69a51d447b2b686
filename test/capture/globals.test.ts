import { expect, it } from 'vitest';
import { roundTrip } from './hooks.ts';

it('names for what every Node has stand for the same on a worker', async () => {
  const iterator: typeof Symbol.iterator = Symbol.iterator;
  const env = process.env;
  const proc = process;
  const copy = structuredClone;
  const fn = () => [
    [1, 2][iterator]().next().value,
    env === process.env,
    proc === process,
    copy === structuredClone,
  ];
  expect(await roundTrip(fn)).toEqual([1, true, true, true]);
});
