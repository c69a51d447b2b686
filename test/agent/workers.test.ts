import { appendFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { spawn } from 'tspipe';
import { makePlace } from '../helpers/place.ts';
import { mostAtOnce } from '../helpers/spans.ts';

const quiet = { mode: 'no_stream' } as const;

describe('the workers of an agent', () => {
  it('give fractions and their average across two task managers', async () => {
    const place = makePlace();
    const tm = place.taskManager({ scheduler: { maxWorkers: 2 } });
    const tm1 = tm.clone({ scheduler: { maxWorkers: 1 } });
    const fraction = tm.tsApp(function fraction(seed: number) {
      return seed / 10;
    });
    const average = tm1.tsApp(function average(values: number[]) {
      return values.reduce((a, b) => a + b) / values.length;
    });
    const echo = tm1.bashApp(function echo(value: number) {
      return ['echo', '-n', `about ${value}`];
    });
    const said = echo(average(Array.from({ length: 11 }, (_, seed) => fraction(seed))));
    expect(await spawn(place.queue, quiet)).toMatchObject({ stopped: 'done', succeeded: 13, failed: 0 });
    expect(await said.result()).toBe('about 0.5');
  });

  it('overlap, at most maxWorkers of them', async () => {
    const place = makePlace();
    const { log } = place;
    const tm = place.taskManager({ scheduler: { maxWorkers: 3 } });
    const span = tm.tsApp(async function span(n: number) {
      appendFileSync(log, `begin ${n}\n`);
      await delay(60);
      appendFileSync(log, `end ${n}\n`);
      return process.pid;
    });
    const futures = Array.from({ length: 12 }, (_, n) => span(n));
    await spawn(place.queue, quiet);
    const pids = new Set(await Promise.all(futures.map((future) => future.result())));
    expect(place.lines()).toHaveLength(24);
    expect(mostAtOnce(place.lines())).toBe(3);
    expect(pids.size).toBe(3);
  });

  it('never overlap with maxWorkers: 1, and two task managers have each its own bound', async () => {
    const place = makePlace();
    const { log } = place;
    const body = async function span(who: string, n: number) {
      appendFileSync(log, `begin ${who} ${n}\n`);
      await delay(15);
      appendFileSync(log, `end ${who} ${n}\n`);
    };
    const a = place.taskManager({ scheduler: { maxWorkers: 1 } }).tsApp({ name: 'a' })(body);
    const b = place.taskManager({ scheduler: { maxWorkers: 1 }, environ: { WHO: 'b' } }).tsApp({ name: 'b' })(
      body,
    );
    for (let n = 0; n < 12; n++) {
      a('a', n);
      b('b', n);
    }
    await spawn(place.queue, quiet);
    const lines = place.lines();
    expect(lines).toHaveLength(48);
    expect(mostAtOnce(lines.filter((line) => line.includes(' a ')))).toBe(1);
    expect(mostAtOnce(lines.filter((line) => line.includes(' b ')))).toBe(1);
    expect(mostAtOnce(lines)).toBeLessThanOrEqual(2);
  });

  it('are only as many as there is work for', async () => {
    const place = makePlace();
    const tm = place.taskManager({ scheduler: { maxWorkers: 8 } });
    const who = tm.tsApp(async function who(n: number) {
      await delay(50);
      return [n, process.pid];
    });
    const futures = [who(0), who(1)];
    await spawn(place.queue, quiet);
    const { readdirSync } = await import('node:fs');
    expect(new Set((await Promise.all(futures.map((one) => one.result()))).map(([, pid]) => pid)).size).toBe(
      2,
    );
    const files = `${place.queue.path.replace('.sqlite', '.d')}/workers`;
    await expect.poll(() => readdirSync(files)).toEqual([]);
  });

  it('are bounded further by the option maxWorkers of spawn', async () => {
    const place = makePlace();
    const { log } = place;
    const tm = place.taskManager({ scheduler: { maxWorkers: 4 } });
    const span = tm.tsApp(async function span(n: number) {
      appendFileSync(log, `begin ${n}\n`);
      await delay(20);
      appendFileSync(log, `end ${n}\n`);
    });
    for (let n = 0; n < 6; n++) span(n);
    await spawn(place.queue, { ...quiet, maxWorkers: 1 });
    expect(mostAtOnce(place.lines())).toBe(1);
  });
});
