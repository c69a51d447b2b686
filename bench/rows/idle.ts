// A task added while workers idle, until its result is back in the script; and what all processes use while nothing is
// added, in the same run: the script, which is the manager, the agent and the workers. A task that waits holds the run.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Queue, spawn, TaskManager } from 'tspipe';
import { check, measure } from '../lib/place.ts';
import { processesOf, processorMs } from '../lib/processes.ts';
import { median, quantile } from '../lib/statistics.ts';

const SPACE_MS = 40;
const IDLE_MS = 1500;
const WINDOWS = 4;

await measure(async ({ folder, queue, tm, size }) => {
  const noop = tm.tsApp(function noop(index: number) {
    return index;
  });
  const keep = new TaskManager({ queue, scheduler: { maxWorkers: 1 } }).tsApp(async function keep(
    file: string,
  ) {
    while (!existsSync(file)) await delay(500);
  });
  const stop = join(folder, 'stop');
  keep(stop);
  const warmUp = [noop(-1), noop(-2)];
  const run = spawn(queue);
  await Promise.all(warmUp.map((future) => future.result()));
  const times: number[] = [];
  const idle: number[] = [];
  for (let index = 0; index < size; index++) {
    await delay(SPACE_MS);
    const start = performance.now();
    const result = await noop(index).result();
    times.push(performance.now() - start);
    check(result === index, 'the result');
    if (index % Math.ceil(size / WINDOWS) === 0) idle.push(await idlePercent(queue));
  }
  writeFileSync(stop, '');
  await run;
  return { latency: median(times), latency95: quantile(times, 0.95), idle: median(idle) };
});

/** Percent of one core that all processes use together while there is nothing to do. */
async function idlePercent(queue: Queue): Promise<number> {
  await delay(200);
  const pids = [process.pid, ...processesOf(queue, 'agent'), ...processesOf(queue, 'worker')];
  check(pids.length >= 3, 'script, agent and workers');
  const before = pids.map(processorMs);
  const start = performance.now();
  await delay(IDLE_MS);
  // One that ended meanwhile has no more to tell.
  const used = pids.map((pid, index) => Math.max(0, processorMs(pid) - (before[index] ?? 0)));
  return (100 * used.reduce((a, b) => a + b, 0)) / (performance.now() - start);
}
