import { appendFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { context, spawn } from 'tspipe';
import { makePlace } from '../helpers/place.ts';

const quiet = { mode: 'no_stream' } as const;

describe('context', () => {
  it('tells the task, the attempt and the time that is left', async () => {
    const { queue, taskManager } = makePlace();
    const about = taskManager().tsApp({ timeoutSeconds: 60 })(function about() {
      return { task: context.task, attempt: context.attempt, left: context.remainingSeconds() };
    });
    const endless = taskManager().tsApp(function endless() {
      return context.remainingSeconds();
    });
    const [future, other] = [about(), endless()];
    await spawn(queue, quiet);
    const { task, attempt, left } = await future.result();
    expect(task).toEqual({ id: future.id, name: 'about', index: 0 });
    expect(attempt).toBe(1);
    expect(left).toBeGreaterThan(50);
    expect(left).toBeLessThanOrEqual(60);
    expect(await other.result()).toBe(Infinity);
  });

  it('is that of its own task where tasks overlap', async () => {
    const { queue, taskManager } = makePlace();
    const own = taskManager({ scheduler: { maxWorkers: 1, concurrency: 4 } }).tsApp(async function own(
      n: number,
    ) {
      await delay(20 * (4 - n));
      return context.task.index;
    });
    const futures = [0, 1, 2, 3].map((n) => own(n));
    await spawn(queue, quiet);
    expect(await Promise.all(futures.map((one) => one.result()))).toEqual([0, 1, 2, 3]);
  });

  it.each([1, 4])(
    'aborts its signal at the time-out, and the task may finish its cleanup, with concurrency %i',
    async (concurrency) => {
      const place = makePlace();
      const { log } = place;
      const tm = place.taskManager({ scheduler: { maxWorkers: 1, concurrency } });
      const careful = tm.tsApp({ timeoutSeconds: 1 })(async function careful() {
        const { signal } = context;
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
        await delay(200);
        appendFileSync(log, 'cleaned up\n');
      });
      const after = tm.tsApp(async function after() {
        await delay(2000);
        return 'untouched';
      });
      const [ended, next] = [careful(), after()];
      await spawn(place.queue, quiet);
      expect(await ended.state()).toBe('KILLED');
      await expect(ended.result()).rejects.toThrow(/timeoutSeconds: 1/);
      expect(place.lines()).toEqual(['cleaned up']);
      expect(await next.result()).toBe('untouched');
    },
  );

  it('keeps a checkpoint for the next attempt', async () => {
    const { queue, taskManager } = makePlace();
    const count = taskManager().tsApp({ retries: 3 })(async function count() {
      const done = (context.restored() ?? { steps: 0 }) as { steps: number };
      await context.checkpoint({ steps: done.steps + 1 });
      if (done.steps < 2) process.exit(1);
      return [done.steps, context.attempt];
    });
    const future = count();
    await spawn(queue, quiet);
    expect(await future.result()).toEqual([2, 3]);
  });

  it.each([1, 4])('logs to the standard error of the task, with concurrency %i', async (concurrency) => {
    const { queue, taskManager } = makePlace();
    const talk = taskManager({ scheduler: { maxWorkers: 1, concurrency } }).tsApp(function talk(n: number) {
      context.log('number', n, { a: 1 });
    });
    const futures = [1, 2].map((n) => talk(n));
    await spawn(queue, quiet);
    expect(await futures[0]?.err()).toBe('number 1 { a: 1 }\n');
    expect(await futures[1]?.err()).toBe('number 2 { a: 1 }\n');
  });

  it('throws CONTEXT_MISSING outside a task', () => {
    const missing = expect.objectContaining({ code: 'CONTEXT_MISSING' });
    expect(() => context.task).toThrow(missing);
    expect(() => context.log('x')).toThrow(missing);
    expect(() => context.signal).toThrow(missing);
  });
});
