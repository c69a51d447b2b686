import { appendFileSync, existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { PipeError, Queue, spawn, TaskManager } from 'tspipe';
import { makeFolder, makePlace } from '../helpers/place.ts';
import { processesOf, until } from '../helpers/processes.ts';
import { mostAtOnce, spanOf } from '../helpers/spans.ts';

const quiet = { mode: 'no_stream' } as const;

describe('spawn', () => {
  it('resolves with what became of the tasks, and leaves no process', async () => {
    const { queue, taskManager } = makePlace();
    const tm = taskManager({ scheduler: { maxWorkers: 2 } });
    const check = tm.tsApp(function check(n: number) {
      if (n < 0) throw new Error('negative');
      return n;
    });
    const futures = [check(1), check(2), check(-1)];
    check(futures[2] as never);
    const result = await spawn(queue, quiet);
    await expect.poll(() => processesOf(queue)).toEqual([]);
    expect(result).toEqual({
      stopped: 'done',
      counts: expect.objectContaining({ SUCCEEDED: 2, FAILED: 1, BLOCKED: 1, PENDING: 0, RUNNING: 0 }),
      succeeded: 2,
      failed: 1,
      blocked: 1,
      reused: 0,
    });
    expect(await spawn(queue, quiet)).toMatchObject({ stopped: 'done', succeeded: 0, failed: 0 });
    expect(await queue.managers()).toEqual([]);
  });

  it('resolves at once where there is nothing to do', async () => {
    const { queue } = makePlace();
    const begun = performance.now();
    expect(await spawn(queue, quiet)).toMatchObject({ stopped: 'done', succeeded: 0 });
    expect(performance.now() - begun).toBeLessThan(1000);
  });

  it('ends after the current tasks when the queue is paused, and goes on after resume', async () => {
    const place = makePlace();
    const span = spanOf(place);
    for (let n = 0; n < 4; n++) span(n, 150);
    const running = spawn(place.queue, quiet);
    await until('a task has begun', () => place.lines().length > 0);
    await place.queue.pause();
    expect(await running).toMatchObject({ stopped: 'paused' });
    expect(processesOf(place.queue)).toEqual([]);
    const before = place.lines();
    expect(before.length).toBeLessThan(8);
    expect(before.filter((line) => line.startsWith('begin'))).toHaveLength(before.length / 2);
    expect(await spawn(place.queue, quiet)).toMatchObject({ stopped: 'paused', succeeded: 0 });
    await place.queue.resume();
    expect(await spawn(place.queue, quiet)).toMatchObject({ stopped: 'done' });
    expect(place.lines()).toHaveLength(8);
  });

  it('starts nothing more after an error under stop_at_error, and errors of earlier runs do not count', async () => {
    const place = makePlace();
    const { log } = place;
    const tm = place.taskManager({ scheduler: { maxWorkers: 1 } });
    const step = tm.tsApp({ retryFailed: false })(async function step(n: number) {
      appendFileSync(log, `${n}\n`);
      await delay(30);
      if (n === 1) throw new Error('one');
    });
    for (let n = 0; n < 5; n++) step(n);
    const mode = ['stop_at_error', 'no_stream'];
    expect(await spawn(place.queue, { mode })).toMatchObject({ stopped: 'error', succeeded: 1, failed: 1 });
    expect(place.lines()).toEqual(['0', '1']);
    expect(await spawn(place.queue, { mode })).toMatchObject({ stopped: 'done', succeeded: 3, failed: 0 });
    expect(place.lines()).toEqual(['0', '1', '2', '3', '4']);
  });

  it('resolves at the timeout; what runs goes on, nothing else starts', async () => {
    const place = makePlace();
    const span = spanOf(place);
    const futures = [span(0, 1500), span(1, 10)];
    const begun = performance.now();
    expect(await spawn(place.queue, { ...quiet, timeout: 0.8 })).toMatchObject({ stopped: 'timeout' });
    expect(performance.now() - begun).toBeLessThan(1400);
    expect(await futures[0]?.result()).toBe(0);
    await until('the agent has ended', () => processesOf(place.queue).length === 0);
    expect(place.lines()).toEqual(['begin 0', 'end 0']);
  });

  it('runs only what Futures need', async () => {
    const place = makePlace();
    const span = spanOf(place, 2);
    const needed = span(1, 5);
    const wanted = span(needed as never, 6);
    span(2, 5);
    expect(await spawn(wanted, quiet)).toMatchObject({
      stopped: 'done',
      succeeded: 2,
      counts: { PENDING: 0 },
    });
    expect(await place.queue.counts({ state: 'PENDING' })).toBe(1);
    expect(place.lines()).toHaveLength(4);
    expect(await spawn([needed, wanted], quiet)).toMatchObject({ succeeded: 0 });
    expect(await spawn(place.queue, quiet)).toMatchObject({ succeeded: 1 });
  });

  it('counts for Futures only what they need, whatever else ends meanwhile', async () => {
    const place = makePlace();
    const { log } = place;
    const tm = place.taskManager({ scheduler: { maxWorkers: 2 } });
    const bad = tm.tsApp(function bad() {
      appendFileSync(log, 'bad\n');
      throw new Error('bad');
    });
    const good = tm.tsApp(async function good() {
      while (!existsSync(log)) await delay(10);
      return 1;
    });
    const wanted = good();
    bad();
    const [whole, scoped] = await Promise.all([spawn(place.queue, quiet), spawn(wanted, quiet)]);
    expect(whole).toMatchObject({ succeeded: 1, failed: 1 });
    expect(scoped).toMatchObject({ succeeded: 1, failed: 0, counts: { SUCCEEDED: 1, FAILED: 0 } });
  });

  it('runs several queues', async () => {
    const [one, two] = [makePlace(), makePlace()];
    spanOf(one)(1, 1);
    spanOf(two)(2, 1);
    expect(await spawn([one.queue, two.queue], quiet)).toMatchObject({ stopped: 'done', succeeded: 2 });
    expect(two.lines()).toEqual(['begin 2', 'end 2']);
  });

  it('joins the manager that is alive and waits with it', async () => {
    const place = makePlace();
    const span = spanOf(place);
    for (let n = 0; n < 3; n++) span(n);
    const [a, b] = await Promise.all([spawn(place.queue, quiet), spawn(place.queue, quiet)]);
    expect([a.stopped, b.stopped]).toEqual(['done', 'done']);
    expect(b.counts.SUCCEEDED).toBe(3);
    expect(mostAtOnce(place.lines())).toBe(1);
    expect(place.lines()).toHaveLength(6);
  });

  it('for a whole queue outlasts one for some Futures that was there before', async () => {
    const place = makePlace();
    const span = spanOf(place);
    const first = span(0);
    for (let n = 1; n < 4; n++) span(n);
    const [some, all] = await Promise.all([
      spawn(first, quiet),
      delay(50).then(() => spawn(place.queue, quiet)),
    ]);
    expect(some.stopped).toBe('done');
    expect(all).toMatchObject({ stopped: 'done', counts: { SUCCEEDED: 4, PENDING: 0 } });
    expect(mostAtOnce(place.lines())).toBe(1);
    expect(place.lines()).toHaveLength(8);
  });

  it('shows what tasks print, behind their names, unless told not to', async () => {
    const { queue, taskManager } = makePlace();
    const say = taskManager().tsApp(function say(word: string) {
      console.log(`said ${word}`);
      if (word === 'last') process.exit(1);
    });
    const shown: string[] = [];
    const write = process.stderr.write;
    process.stderr.write = ((text: string) => shown.push(text) > 0) as typeof write;
    try {
      say('loud');
      say('last');
      await spawn(queue);
      say('quiet');
      await spawn(queue, quiet);
    } finally {
      process.stderr.write = write;
    }
    expect(shown.join('')).toMatch(/say\[0\].*said loud/);
    expect(shown.join('')).toMatch(/say\[1\].*said last/);
    expect(shown.join('')).not.toContain('said quiet');
    expect(shown.join('')).toContain('2 new');
  });

  it('refuses unknown modes and options, and what is neither a queue nor a Future', async () => {
    const { queue } = makePlace();
    await expect(spawn(queue, { mode: 'stop_at_eror' })).rejects.toThrow(/stop_at_error/);
    await expect(spawn(queue, { timout: 3 } as never)).rejects.toThrow(/timeout/);
    await expect(spawn(queue, { provider: 'locl' })).rejects.toThrow('Did you mean "local"?');
    await expect(spawn(queue, { scheduler: { maxWorker: 3 } as never })).rejects.toThrow(/maxWorkers/);
    await expect(spawn(3 as never)).rejects.toThrow(PipeError);
  });

  it('tells why agents cannot be started', async () => {
    const folder = makeFolder();
    const queue = new Queue('q', { baseDir: folder });
    const f = new TaskManager({ queue }).tsApp(function f() {});
    f();
    const options = process.env.NODE_OPTIONS;
    process.env.NODE_OPTIONS = '--no-such-option-at-all';
    try {
      await expect(spawn(queue, quiet)).rejects.toThrow(/no-such-option-at-all/);
    } finally {
      if (options === undefined) delete process.env.NODE_OPTIONS;
      else process.env.NODE_OPTIONS = options;
    }
    await queue.delete();
  });
});
