// Asynchronous tasks that wait 10 ms each, 64 at a time in one worker.
import { setTimeout as delay } from 'node:timers/promises';
import { TaskManager } from 'tspipe';
import { drain, sumOfResults } from '../lib/drain.ts';
import { check, measure, sumBelow } from '../lib/place.ts';

await measure(async ({ queue, size }) => {
  const tm = new TaskManager({ queue, scheduler: { maxWorkers: 1, concurrency: 64 } });
  const wait = tm.tsApp(async function wait(index: number) {
    await delay(10);
    return index;
  });
  for (let index = 0; index < size; index++) wait(index);
  await queue.flush();
  const { whole, steady } = await drain(queue);
  check((await sumOfResults(queue, 'wait')) === sumBelow(size), 'the sum of the results');
  return { whole: size / whole, steady };
});
