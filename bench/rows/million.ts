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
  const { rate, managerMb, agentMb } = await drainWatched(queue, size);
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

/** A manager of its own process runs the queue; from here it is watched. */
async function drainWatched(
  queue: Queue,
  size: number,
): Promise<{ readonly rate: number; readonly managerMb: number; readonly agentMb: number }> {
  await spawn(queue, { detach: true });
  const peaks = { manager: 0, agent: 0 };
  let [done, first, firstMs, lastMs] = [0, 0, 0, 0];
  while (done < size) {
    await delay(20);
    const before = done;
    done = (await queue.summary()).SUCCEEDED;
    if (done > before) lastMs = performance.now();
    if (before === 0 && done > 0) [first, firstMs] = [done, lastMs];
    for (const program of ['manager', 'agent'] as const) {
      const megabytes = processesOf(queue, program).map(peakMegabytes);
      peaks[program] = Math.max(peaks[program], ...megabytes);
    }
  }
  const rate = ((done - first) * 1000) / (lastMs - firstMs);
  while ((await queue.managers()).length > 0) await delay(20);
  return { rate, managerMb: peaks.manager, agentMb: peaks.agent };
}
