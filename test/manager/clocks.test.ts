import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { spawn } from 'tspipe';
import { makePlace, type Place } from '../helpers/place.ts';
import { processesOf, until } from '../helpers/processes.ts';
import { runScript, type Script } from '../helpers/script.ts';

/** Gives every process a wall clock of its own, hours from the others, that jumps back and forth each half second. */
const CLOCK = `
  const hours = ((process.pid * 7919) % 11) - 5;
  const real = Date.now;
  Date.now = () => {
    const now = real();
    return now + hours * 3_600_000 + (Math.floor(now / 500) % 3 - 1) * 1_800_000;
  };`;

/** A script whose processes, agents and workers too, have such clocks. */
function scriptOf({ folder, log }: Place): Script {
  const clock = join(folder, 'clock.mjs');
  writeFileSync(clock, CLOCK);
  return runScript(
    folder,
    `import { appendFileSync, readFileSync } from 'node:fs';
     import { setTimeout as delay } from 'node:timers/promises';
     import { context, Queue, RetryAfter, spawn, TaskManager } from 'tspipe';
     const queue = new Queue('q', { baseDir: ${JSON.stringify(folder)} });
     const tm = new TaskManager({ queue, scheduler: { maxWorkers: 2 } });
     const log = ${JSON.stringify(log)};
     const step = tm.tsApp(async function step(n, before) {
       appendFileSync(log, 'step ' + n + '\\n');
       await delay(100);
       return n;
     });
     const flaky = tm.tsApp({ retries: 2, retryDelaySeconds: 0.5 })(function flaky() {
       if (context.attempt < 3) throw new Error('not yet');
       return context.attempt;
     });
     const later = tm.tsApp(function later() {
       if (context.attempt < 3) throw new RetryAfter(0.4);
       return context.attempt;
     });
     const slow = tm.tsApp({ timeoutSeconds: 1.5 })(async function slow() {
       await delay(100_000);
     });
     let last;
     for (let n = 0; n < 15; n++) last = step(n, last);
     const others = [flaky(), later()];
     slow();
     const { succeeded, failed, stopped } = await spawn(queue, { mode: 'no_stream', timeout: 50 });
     const results = await Promise.all([last, ...others].map((one) => one.result()));
     console.log(JSON.stringify({ succeeded, failed, stopped, results }));`,
    { limits: `export NODE_OPTIONS="--import=${pathToFileURL(clock).href}"` },
  );
}

it('clocks that are hours apart and jump change nothing but how long a delay lasts', async () => {
  const place = makePlace();
  const script = scriptOf(place);
  expect(await script.ended).toEqual({ code: 0, signal: null });
  expect(JSON.parse(script.out())).toEqual({
    succeeded: 17,
    failed: 1,
    stopped: 'done',
    results: [14, 3, 3],
  });
  expect(place.lines()).toEqual(Array.from({ length: 15 }, (_, n) => `step ${n}`));
  for (const task of await place.queue.tasks()) {
    const longest = task.name === 'slow' ? 15 : 5;
    for (const { dtime } of task.attempts)
      expect(Math.abs((dtime ?? 0) - longest / 2)).toBeLessThanOrEqual(longest / 2);
  }
  await expect.poll(() => processesOf(place.queue)).toEqual([]);
});

it('a manager with another clock adopts the tasks that wait out a delay, and makes none wait longer than it', async () => {
  const place = makePlace();
  const { log } = place;
  const later = place.taskManager().tsApp({ retries: 1, retryDelaySeconds: 2 })(function later() {
    const { existsSync, writeFileSync: write } = process.getBuiltinModule('node:fs');
    const path = `${log}.run`;
    if (existsSync(path)) return 'second';
    write(path, '');
    throw new Error('first');
  });
  const future = later();
  const first = spawn(place.queue, { mode: 'no_stream', timeout: 1 });
  await until('it waits', async () => (await future.task()).due);
  await first;
  const script = runScript(
    place.folder,
    `import { Queue, spawn } from 'tspipe';
     const real = Date.now;
     Date.now = () => real() - 5 * 3_600_000;
     const queue = new Queue('q', { baseDir: ${JSON.stringify(place.folder)}, create: false });
     console.log((await spawn(queue, { mode: 'no_stream' })).stopped);`,
  );
  expect((await script.ended).code).toBe(0);
  expect(await future.result()).toBe('second');
});
