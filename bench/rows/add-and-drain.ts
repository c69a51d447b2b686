// Adds no-op tasks by calling an app in a loop, until the last one is in the file; then two workers run them.
import { drain, sumOfResults } from '../lib/drain.ts';
import { check, measure, seconds, sumBelow } from '../lib/place.ts';

await measure(async ({ queue, tm, size }) => {
  const noop = tm.tsApp(function noop(index: number) {
    return index;
  });
  const added = await seconds(async () => {
    for (let index = 0; index < size; index++) noop(index);
    await queue.flush();
  });
  check((await queue.counts({ state: 'PENDING' })) === size, 'the number of tasks added');
  const { whole, steady } = await drain(queue);
  check((await sumOfResults(queue, 'noop')) === sumBelow(size), 'the sum of the results');
  return { add: size / added, drain: size / whole, steady };
});
