import { describe, expect, it } from 'vitest';
import { spawn } from 'tspipe';
import { Slowdown } from '../../src/agent/slowdown.ts';
import { makePlace } from '../helpers/place.ts';

const quiet = { mode: 'no_stream' } as const;
const app = { id: 1, name: 'bad' };

function fail(slowdown: Slowdown, now: number, ms = 5): void {
  slowdown.ended(app, { hasFailed: true, ms, now });
}

describe('the slow-down of an app', () => {
  it('begins after ten failures in a row, doubles, and is said once', () => {
    const slowdown = new Slowdown();
    for (let n = 0; n < 9; n++) fail(slowdown, 0);
    expect(slowdown.paused(0)).toEqual([]);
    fail(slowdown, 0);
    expect(slowdown.paused(0)).toEqual([1]);
    expect(slowdown.news).toEqual(['bad']);
    expect(slowdown.msUntilNext(0)).toBe(1000);
    // Those that were under way make it no longer.
    fail(slowdown, 10);
    expect(slowdown.msUntilNext(10)).toBe(990);
    expect(slowdown.paused(1000)).toEqual([]);
    let now = 1000;
    const pauses = Array.from({ length: 8 }, () => {
      fail(slowdown, now);
      const pause = slowdown.msUntilNext(now) ?? 0;
      now += pause;
      return pause / 1000;
    });
    expect(pauses).toEqual([2, 4, 8, 16, 32, 60, 60, 60]);
    expect(slowdown.news).toEqual(['bad']);
  });

  it.each([
    ['succeeds', { hasFailed: false, ms: 5 }],
    ['runs for a second before it fails', { hasFailed: true, ms: 1000 }],
  ])('is over when one %s', (_, how) => {
    const slowdown = new Slowdown();
    for (let n = 0; n < 10; n++) fail(slowdown, 0);
    slowdown.ended(app, { ...how, now: 0 });
    expect(slowdown.paused(0)).toEqual([]);
    fail(slowdown, 0);
    expect(slowdown.paused(0)).toEqual([]);
  });
});

describe('tasks that all fail as soon as they start', () => {
  it('start slowly, others do not, and the run says so once', async () => {
    const { queue, taskManager } = makePlace();
    const tm = taskManager({ scheduler: { maxWorkers: 1 } });
    const bad = tm.tsApp(function bad(n: number): void {
      throw new Error(`${n}`);
    });
    const good = tm.tsApp(function good(n: number) {
      return n;
    });
    for (let n = 0; n < 30; n++) bad(n);
    const goods = Array.from({ length: 5 }, (_, n) => good(n));
    const shown: string[] = [];
    const write = process.stderr.write;
    process.stderr.write = ((text: string) => shown.push(text) > 0) as typeof write;
    try {
      const running = spawn(queue, { ...quiet, timeout: 3.5 });
      expect(await Promise.all(goods.map((one) => one.result()))).toEqual([0, 1, 2, 3, 4]);
      expect(await running).toMatchObject({ stopped: 'timeout', succeeded: 5 });
    } finally {
      process.stderr.write = write;
    }
    const failed = await queue.counts({ state: 'FAILED' });
    expect(failed).toBeGreaterThanOrEqual(10);
    expect(failed).toBeLessThan(15);
    expect(shown.filter((text) => text.includes('every task of bad fails'))).toHaveLength(1);
  });

  it('because no worker can be started say so, and workers are not started without end', async () => {
    const { queue, taskManager } = makePlace();
    const tm = taskManager({
      scheduler: { maxWorkers: 1 },
      environ: { NODE_OPTIONS: '--no-such-option-at-all' },
    });
    const f = tm.tsApp(function f(n: number) {
      return n;
    });
    const futures = Array.from({ length: 30 }, (_, n) => f(n));
    expect(await spawn(queue, { ...quiet, stopAfterFailures: 11 })).toMatchObject({ stopped: 'error' });
    expect(await queue.counts({ state: 'PENDING' })).toBeGreaterThan(17);
    await expect(futures[0]?.result()).rejects.toThrow(
      /worker ended before it could begin \(exit code 9\): .*no-such-option-at-all/,
    );
  });

  it('end the run where it is told so', async () => {
    const { queue, taskManager, lines, log } = makePlace();
    const tm = taskManager({ scheduler: { maxWorkers: 1 } });
    const odd = tm.tsApp(function odd(n: number): void {
      process.getBuiltinModule('node:fs').appendFileSync(log, `${n}\n`);
      if (n % 2 === 0) throw new Error(`${n}`);
    });
    for (let n = 0; n < 20; n++) odd(n);
    expect(await spawn(queue, { ...quiet, stopAfterFailures: 3 })).toMatchObject({
      stopped: 'error',
      succeeded: 2,
      failed: 3,
    });
    expect(lines()).toEqual(['0', '1', '2', '3', '4']);
    await expect(spawn(queue, { stopAfterFailures: 0 })).rejects.toThrow(/at least 1/);
  });
});
