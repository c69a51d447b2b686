// A script from its first call to its last result: calls, `spawn`, and every result in hand.
import { spawn } from 'tspipe';
import { check, measure, seconds, sumBelow } from '../lib/place.ts';

await measure(async ({ queue, tm, size }) => {
  const noop = tm.tsApp(function noop(index: number) {
    return index;
  });
  let sum = 0;
  const script = await seconds(async () => {
    const futures = Array.from({ length: size }, (_, index) => noop(index));
    await spawn(queue);
    const results = await Promise.all(futures.map((future) => future.result()));
    sum = results.reduce((a, b) => a + b, 0);
  });
  check(sum === sumBelow(size), 'the sum of the results');
  return { cold: size / script };
});
