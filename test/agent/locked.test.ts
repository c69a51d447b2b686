import { appendFileSync, readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { spawn } from 'tspipe';
import { makePlace } from '../helpers/place.ts';
import { processesOf, until } from '../helpers/processes.ts';

/** Hundredths of a second that a process has computed. */
function ticksOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
    .replace(/^.*\) /, '')
    .split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

it('an agent waits without computing while another process writes, and then goes on and ends', async () => {
  const place = makePlace();
  const { log } = place;
  const step = place.taskManager({ scheduler: { maxWorkers: 2 } }).tsApp(async function step(n: number) {
    appendFileSync(log, `${n}\n`);
    await delay(20);
    return n;
  });
  const futures = Array.from({ length: 10 }, (_, n) => step(n));
  const running = spawn(place.queue, { mode: 'no_stream' });
  await until('tasks run', () => place.lines().length > 1);
  const [agent = 0] = processesOf(place.queue, /agent\/main\./);
  const other = new DatabaseSync(place.queue.path, { timeout: 5000 });
  other.exec('BEGIN IMMEDIATE');
  // What was running ends meanwhile, and cannot be committed.
  await delay(300);
  const before = { ticks: ticksOf(agent), lines: place.lines().length };
  await delay(1000);
  expect(ticksOf(agent) - before.ticks).toBeLessThan(50);
  expect(place.lines()).toHaveLength(before.lines);
  other.exec('COMMIT');
  other.close();
  expect(await running).toMatchObject({ stopped: 'done', succeeded: 10 });
  await expect.poll(() => processesOf(place.queue)).toEqual([]);
  expect(await Promise.all(futures.map((one) => one.result()))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(place.lines()).toHaveLength(10);
});
