// Slow tasks beside each other on two workers: from the end of each to its result in the script.
import { setTimeout as delay } from 'node:timers/promises';
import { spawn } from 'tspipe';
import { check, measure } from '../lib/place.ts';
import { median, quantile } from '../lib/statistics.ts';

await measure(async ({ queue, tm, size }) => {
  const slow = tm.tsApp(async function slow(index: number) {
    // Not all alike, so that the two workers do not end at the same time.
    await delay(20 + (index % 7));
    return Number(process.hrtime.bigint()) / 1e6;
  });
  const late: number[] = [];
  const futures = Array.from({ length: size }, (_, index) => slow(index));
  const seen = futures.map(async (future) => {
    const ended = await future.result();
    late.push(Number(process.hrtime.bigint()) / 1e6 - ended);
  });
  await spawn(queue);
  await Promise.all(seen);
  check(late.length === size, 'the number of results');
  return { median: median(late), most: quantile(late, 0.95) };
});
