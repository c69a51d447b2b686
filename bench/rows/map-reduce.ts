// Maps over numbers, then reduces over all the Futures; from the first call to the result.
import { spawn } from 'tspipe';
import { check, measure, seconds, sumBelow } from '../lib/place.ts';

await measure(async ({ queue, tm, size }) => {
  const double = tm.tsApp(function double(index: number) {
    return 2 * index;
  });
  const sum = tm.tsApp(function sum(values: readonly number[]) {
    return values.reduce((a, b) => a + b, 0);
  });
  let result = 0;
  const whole = await seconds(async () => {
    const total = sum(Array.from({ length: size }, (_, index) => double(index)));
    await spawn(queue);
    result = await total.result();
  });
  check(result === 2 * sumBelow(size), 'the sum');
  return { whole: size / whole };
});
