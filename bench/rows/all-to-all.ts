// Two layers of tasks, each task of the second needing all of the first: time to add, and time until all have ended.
import { spawn } from 'tspipe';
import { check, measure, seconds, sumBelow } from '../lib/place.ts';

await measure(async ({ queue, tm, size }) => {
  const first = tm.tsApp(function first(index: number) {
    return index;
  });
  const second = tm.tsApp(function second(values: readonly number[], index: number) {
    return values.reduce((a, b) => a + b, index);
  });
  let added = 0;
  const whole = await seconds(async () => {
    added = await seconds(async () => {
      const layer = Array.from({ length: size }, (_, index) => first(index));
      for (let index = 0; index < size; index++) second(layer, index);
      await queue.flush();
    });
    await spawn(queue);
  });
  let sum = 0;
  for await (const result of queue.results('second')) sum += Number(result);
  check(sum === size * sumBelow(size) + sumBelow(size), 'the sum of the results');
  return { add: added, whole };
});
