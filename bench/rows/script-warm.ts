// The same as script.ts while agent and workers are up: they were started by a task that still runs elsewhere.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { spawn, TaskManager } from 'tspipe';
import { check, measure, seconds, sumBelow } from '../lib/place.ts';

await measure(async ({ folder, queue, tm, size }) => {
  const noop = tm.tsApp(function noop(index: number) {
    return index;
  });
  const keeper = new TaskManager({ queue, scheduler: { maxWorkers: 1 } }).tsApp(async function keep(
    file: string,
  ) {
    while (!existsSync(file)) await delay(100);
  });
  keeper(join(folder, 'stop'));
  const warmUp = [noop(-1), noop(-2)];
  const run = spawn(queue);
  await Promise.all(warmUp.map((future) => future.result()));
  let sum = 0;
  const script = await seconds(async () => {
    const futures = Array.from({ length: size }, (_, index) => noop(index));
    const results = await Promise.all(futures.map((future) => future.result()));
    sum = results.reduce((a, b) => a + b, 0);
  });
  check(sum === sumBelow(size), 'the sum of the results');
  writeFileSync(join(folder, 'stop'), '');
  await run;
  return { warm: size / script };
});
