import { appendFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type Future, Queue, spawn, type TaskError } from 'tspipe';
import { makePlace } from '../helpers/place.ts';
import { until } from '../helpers/processes.ts';
import { runScript } from '../helpers/script.ts';
import { mostAtOnce } from '../helpers/spans.ts';

const quiet = { mode: 'no_stream' } as const;

describe('an app called inside a task', () => {
  it('adds a task that runs as well', async () => {
    const place = makePlace();
    const { log } = place;
    const tm = place.taskManager({ scheduler: { maxWorkers: 2 } });
    const leaf = tm.tsApp(function leaf(n: number) {
      appendFileSync(log, `leaf ${n}\n`);
    });
    const root = tm.tsApp(function root() {
      for (let n = 0; n < 5; n++) leaf(n);
      return 'planted';
    });
    const planted = root();
    expect(await spawn(place.queue, quiet)).toMatchObject({ stopped: 'done', succeeded: 6 });
    expect(await planted.result()).toBe('planted');
    expect(place.lines().sort()).toEqual([0, 1, 2, 3, 4].map((n) => `leaf ${n}`));
  });

  it('is finished first where the task returns its Future, at any depth', async () => {
    const { queue, taskManager } = makePlace();
    const tm = taskManager({ scheduler: { maxWorkers: 1 } });
    const square = tm.tsApp(function square(n: number) {
      return n * n;
    });
    const plain = tm.tsApp(function plain(n: number): number {
      return square(n) as never;
    });
    const nested = tm.tsApp(function nested(n: number): { list: number[]; own: number } {
      return { list: [square(n), plain(n + 1)], own: n } as never;
    });
    const sum = tm.tsApp(function sum({ list, own }: { list: number[]; own: number }) {
      return list.reduce((a, b) => a + b, own);
    });
    const futures = [plain(3), nested(4), sum(nested(5))] as const;
    expect(await spawn(queue, quiet)).toMatchObject({ stopped: 'done', failed: 0, blocked: 0 });
    expect(await futures[0].result()).toBe(9);
    expect(await futures[1].result()).toEqual({ list: [16, 25], own: 4 });
    expect(await futures[2].result()).toBe(25 + 36 + 5);
  });

  it('blocks the task that returns its Future when it fails', async () => {
    const { queue, taskManager } = makePlace();
    const tm = taskManager();
    const bad = tm.tsApp(function bad(): number {
      throw new Error('inner');
    });
    const outer = tm.tsApp(function outer(): number[] {
      return [bad()] as never;
    });
    const future = outer();
    expect(await spawn(queue, quiet)).toMatchObject({ stopped: 'done', failed: 1, blocked: 1 });
    await expect(future.result()).rejects.toThrow(/inner/);
  });

  it('can be awaited: the slot is lent, so maxWorkers: 1 goes on and never overlaps', async () => {
    const place = makePlace();
    const { log } = place;
    const tm = place.taskManager({ scheduler: { maxWorkers: 1 } });
    const leaf = tm.tsApp(async function leaf(n: number) {
      appendFileSync(log, `begin leaf ${n}\n`);
      await delay(20);
      appendFileSync(log, `end leaf ${n}\n`);
      return n;
    });
    const tree = tm.tsApp(async function tree(n: number): Promise<number> {
      appendFileSync(log, `begin tree ${n}\n`);
      const futures = [leaf(10 * n), leaf(10 * n + 1)] as unknown as Future<number>[];
      appendFileSync(log, `end tree ${n}\n`);
      const values = await Promise.all(futures.map((future) => future.result()));
      appendFileSync(log, `begin tree ${n}\n`);
      await delay(20);
      appendFileSync(log, `end tree ${n}\n`);
      return values.reduce((a, b) => a + b);
    });
    const futures = [1, 2, 3].map((n) => tree(n));
    expect(await spawn(place.queue, quiet)).toMatchObject({ stopped: 'done', succeeded: 9 });
    expect(await Promise.all(futures.map((one) => one.result()))).toEqual([21, 41, 61]);
    expect(mostAtOnce(place.lines())).toBe(1);
    expect(place.lines()).toHaveLength(24);
  });

  it('gives its error to the task that awaits it', async () => {
    const { queue, taskManager } = makePlace();
    const tm = taskManager({ scheduler: { maxWorkers: 1 } });
    const bad = tm.tsApp(function bad(): number {
      throw new Error('inner');
    });
    const outer = tm.tsApp(async function outer() {
      const future = bad() as unknown as Future<number>;
      return await future.result().then(
        () => 'no error',
        (error: TaskError) => `${error.code} ${error.remoteMessage}`,
      );
    });
    const caught = outer();
    await spawn(queue, quiet);
    expect(await caught.result()).toBe('TASK_FAILED inner');
  });
});

describe('in a task', () => {
  it('new Queue is harmless and spawn is refused', async () => {
    const { queue, folder, taskManager } = makePlace();
    const attempt = taskManager().tsApp(async function attempt() {
      const other = new Queue('another', { baseDir: folder, create: true });
      return [
        other.path,
        await spawn(other).then(
          () => 'it ran',
          (error: { code: string }) => error.code,
        ),
      ];
    });
    const future = attempt();
    await spawn(queue, quiet);
    expect(await future.result()).toEqual([queue.path, 'SPAWN_IN_TASK']);
  });
});

describe('a task that waits for one that is not started any more', () => {
  it('is put back, uncounted, where the run is to start nothing more', async () => {
    const place = makePlace();
    const { folder, log } = place;
    const script = runScript(
      folder,
      `import { appendFileSync } from 'node:fs';
       import { setTimeout as delay } from 'node:timers/promises';
       import { Queue, spawn, TaskManager } from 'tspipe';
       const queue = new Queue('q', { baseDir: ${JSON.stringify(folder)} });
       const tm = new TaskManager({ queue, scheduler: { maxWorkers: 1 } });
       const log = ${JSON.stringify(log)};
       const inner = tm.tsApp(async function inner(n) {
         appendFileSync(log, \`inner \${n}\\n\`);
         await delay(400);
         return n;
       });
       const outer = tm.tsApp(async function outer() {
         const both = [inner(1), inner(2)];
         return (await both[0].result()) + (await both[1].result());
       });
       outer();
       await spawn(queue);`,
    );
    await until('the first inner task runs', () => place.lines().length === 1);
    script.child.kill('SIGINT');
    expect((await script.ended).signal).toBe('SIGINT');
    expect(await place.queue.summary()).toMatchObject({ RUNNING: 0, SUCCEEDED: 1, PENDING: 2 });
    const [outer] = await place.queue.tasks({ name: 'outer' });
    expect(outer?.attempts).toEqual([]);
    expect(await spawn(place.queue, quiet)).toMatchObject({ stopped: 'done', counts: { SUCCEEDED: 3 } });
  });
});
