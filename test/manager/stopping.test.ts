import { appendFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { spawn, type TaskFilter } from 'tspipe';
import { makePlace, type Place } from '../helpers/place.ts';
import { isRunning, processesOf, until } from '../helpers/processes.ts';
import { runScript } from '../helpers/script.ts';

const quiet = { mode: 'no_stream' } as const;

/** Two tasks of app a and one of app b that run for long, one after that waits; a spawn that runs them. */
async function busy({ taskManager, log, lines, queue }: Place) {
  const tm = taskManager({ scheduler: { maxWorkers: 3 } });
  const wait = async (n: number) => {
    appendFileSync(log, `${n} ${process.pid}\n`);
    await delay(100_000);
  };
  const a = tm.tsApp({ name: 'a' })(wait);
  const b = tm.tsApp({ name: 'b' })(wait);
  const futures = [a(0), a(1), b(2), b(3)];
  const running = spawn(queue, quiet);
  await until('three run', () => lines().length === 3);
  return { futures, running };
}

describe('kill', () => {
  const filters: readonly (readonly [string, (place: Place) => Promise<TaskFilter>, number])[] = [
    ['task', async ({ queue }) => ({ tid: (await queue.tasks({ index: 0, name: 'a' }))[0]?.id }), 1],
    ['name', async () => ({ name: 'a' }), 2],
    ['state', async () => ({ state: ['RUNNING', 'PENDING'] }), 4],
    ['job', async ({ queue }) => ({ jobid: (await queue.tasks({ state: 'RUNNING' }))[0]?.jobid ?? '' }), 3],
  ];

  it.each(filters)(
    'by %s ends these tasks with their processes, and no others',
    async (_, filterOf, count) => {
      const place = makePlace();
      const { running } = await busy(place);
      const before = place.lines().map((line) => line.split(' ').map(Number));
      const filter = await filterOf(place);
      expect(await place.queue.kill(filter)).toBe(count);
      const killed = await place.queue.tasks({ state: 'KILLED' });
      expect(killed).toHaveLength(count);
      const alive = before.filter(([, pid = 0]) => isRunning(pid));
      expect(alive).toHaveLength(3 - Math.min(3, count));
      await place.queue.kill({ state: ['RUNNING', 'PENDING'] });
      expect(await running).toMatchObject({ stopped: 'done', failed: 4 });
    },
  );
});

describe('pause', () => {
  it('lets nothing start while agents are at work, and resume lets it, with the same manager', async () => {
    const place = makePlace();
    const { running, futures } = await busy(place);
    await place.queue.pause();
    await place.queue.kill({ tid: futures[0]?.id });
    // A worker is free; the one that waits does not get it.
    expect(await place.queue.counts({ state: 'PENDING' })).toBe(1);
    await place.queue.resume();
    await until('it starts', () => place.lines().length === 4, 5);
    await place.queue.kill();
    expect(await running).toMatchObject({ stopped: 'done', failed: 4 });
  });
});

describe('SIGHUP on a spawn', () => {
  it('is like one Ctrl-C: what runs goes on to its end, nothing else starts', async () => {
    const { folder, log, lines, queue } = makePlace();
    const script = runScript(
      folder,
      `import { appendFileSync } from 'node:fs';
       import { setTimeout as delay } from 'node:timers/promises';
       import { Queue, spawn, TaskManager } from 'tspipe';
       const queue = new Queue('q', { baseDir: ${JSON.stringify(folder)} });
       const tm = new TaskManager({ queue, scheduler: { maxWorkers: 1 } });
       const log = ${JSON.stringify(log)};
       const f = tm.tsApp(async function f(n) {
         appendFileSync(log, 'begin\\n');
         await delay(700);
         appendFileSync(log, 'end\\n');
       });
       for (let n = 0; n < 3; n++) f(n);
       await spawn(queue);`,
    );
    await until('a task runs', () => lines().length > 0);
    script.child.kill('SIGHUP');
    expect(await script.ended).toEqual({ code: null, signal: 'SIGHUP' });
    expect(lines()).toEqual(['begin', 'end']);
    await expect.poll(() => processesOf(queue)).toEqual([]);
    expect(await queue.summary()).toMatchObject({ SUCCEEDED: 1, PENDING: 2, RUNNING: 0 });
  });
});
