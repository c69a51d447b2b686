// Very many tasks in one queue: adding them against a tenth, draining them against a hundredth, what a reader waits for,
// the memory of manager and agent, and the size of the file.
import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Queue, spawn } from 'tspipe';
import { add, addSmall } from '../lib/add.ts';
import { drain, sumOfResults } from '../lib/drain.ts';
import { check, type Figures, measure, sumBelow } from '../lib/place.ts';
import { peakMegabytes, processesOf } from '../lib/processes.ts';
import { median } from '../lib/statistics.ts';

const same = (index: number): number => index;

await measure(async ({ folder, queue, size }) => {
  const fewDrained = await drainFew(folder, size / 100);
  const fewAdded = await addSmall(folder, size / 10, same);
  const added = await add(queue, size, same);
  const { rate, lateGrowth, managerMb, agentMb } = await drainWatched(queue, size);
  check((await sumOfResults(queue, 'noop')) === sumBelow(size), 'the sum of the results');
  const { path } = queue;
  queue.close();
  const bytes = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
  const reading = execFileSync(process.execPath, [join(import.meta.dirname, 'open.ts'), path]);
  return {
    add: size / added,
    addGrowth: added / 10 / fewAdded,
    drain: rate,
    drainGrowth: fewDrained / rate,
    drainLateGrowth: lateGrowth,
    managerMb,
    agentMb,
    fileBytes: bytes / size,
    ...(JSON.parse(reading.toString()) as Figures),
  };
});

/** Tasks a second of small queues, without start and end. */
async function drainFew(folder: string, size: number): Promise<number> {
  const rates: number[] = [];
  for (let round = 0; round < 5; round++) {
    const queue = new Queue(`few-${round}`, { baseDir: join(folder, 'few') });
    await add(queue, size, same);
    rates.push((await drain(queue)).steady);
    await queue.delete();
  }
  return median(rates);
}

interface Watched {
  readonly rate: number;
  /** A task of the last tenth against one of the second tenth, when the code of the agent is compiled. */
  readonly lateGrowth: number;
  readonly managerMb: number;
  readonly agentMb: number;
}

/** A manager of its own process runs the queue; from here it is watched. */
async function drainWatched(queue: Queue, size: number): Promise<Watched> {
  await spawn(queue, { detach: true });
  const peaks = { manager: 0, agent: 0 };
  const seen: { readonly ms: number; readonly done: number }[] = [];
  while ((seen.at(-1)?.done ?? 0) < size) {
    await delay(20);
    const { SUCCEEDED: done } = await queue.summary();
    if (done > (seen.at(-1)?.done ?? 0)) seen.push({ ms: performance.now(), done });
    for (const program of ['manager', 'agent'] as const) {
      const megabytes = processesOf(queue, program).map(peakMegabytes);
      peaks[program] = Math.max(peaks[program], ...megabytes);
    }
  }
  while ((await queue.managers()).length > 0) await delay(20);
  const between = (from: number, to: number): number => {
    const part = seen.filter(({ done }) => done >= from * size && done <= to * size);
    const [first, last] = [part[0], part.at(-1)];
    return first && last ? ((last.done - first.done) * 1000) / (last.ms - first.ms) : Number.NaN;
  };
  const rate = between(0, 1);
  return {
    rate,
    lateGrowth: between(0.1, 0.2) / between(0.9, 1),
    managerMb: peaks.manager,
    agentMb: peaks.agent,
  };
}
