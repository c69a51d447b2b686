import { appendFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Queue, spawn, TaskManager } from 'tspipe';
import { makePlace, readLines } from '../helpers/place.ts';
import { processesOf, until } from '../helpers/processes.ts';
import { spanOf } from '../helpers/spans.ts';

const quiet = { mode: 'no_stream' } as const;

describe('a detached manager', () => {
  it('does the work after spawn has resolved', async () => {
    const place = makePlace();
    const done = spanOf(place)(1, 5);
    await spawn(place.queue, { detach: true });
    expect(await done.result({ timeout: 20 })).toBe(1);
    await until('it has ended', () => processesOf(place.queue).length === 0);
  });

  it('runs only what Futures need', async () => {
    const place = makePlace();
    const span = spanOf(place);
    const [wanted] = [span(1, 5), span(2, 5)];
    await spawn(wanted as never, { detach: true });
    await wanted?.result({ timeout: 20 });
    await until('it has ended', () => processesOf(place.queue).length === 0);
    expect(await place.queue.counts({ state: 'PENDING' })).toBe(1);
  });

  it('is seen to by a queue with spawn: true, also beside a spawn for some Futures', async () => {
    const place = makePlace({ spawn: true });
    const span = spanOf(place);
    expect(await span(1, 5).result({ timeout: 20 })).toBe(1);
    await until('it has ended', () => processesOf(place.queue).length === 0);
    const plain = new Queue('q', { baseDir: place.folder });
    const slow = new TaskManager({ queue: plain, scheduler: { maxWorkers: 1 } }).tsApp(async function slow() {
      await delay(400);
    });
    const scoped = spawn(slow(), quiet);
    await delay(100);
    expect(await span(2, 5).result({ timeout: 20 })).toBe(2);
    await scoped;
    plain.close();
  });

  it('takes tasks that come when it is about to end, again and again', { timeout: 180_000 }, async () => {
    const place = makePlace({ spawn: true });
    const { log } = place;
    const quick = place.taskManager({ scheduler: { maxWorkers: 1 } }).tsApp(function quick(n: number) {
      appendFileSync(log, `${n}\n`);
      return n;
    });
    for (let n = 0; n < 20; n++) {
      expect(await quick(n).result({ timeout: 20 })).toBe(n);
      // The manager is ending now, a little further each time.
      const end = performance.now() + n * 4;
      while (performance.now() < end);
    }
    await until('it has ended', () => processesOf(place.queue).length === 0);
    expect(await place.queue.counts({ state: 'SUCCEEDED' })).toBe(20);
    expect(readLines(log)).toHaveLength(20);
  });
});
