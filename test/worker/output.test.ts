import { execFileSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { spawn } from 'tspipe';
import { makePlace } from '../helpers/place.ts';

const quiet = { mode: 'no_stream' } as const;

describe('what a task prints', () => {
  it('is kept apart for tasks after each other in one worker, from child processes too', async () => {
    const { queue, taskManager } = makePlace();
    const print = taskManager({ scheduler: { maxWorkers: 1 } }).tsApp(function print(n: number) {
      console.log(`log ${n}`);
      process.stdout.write(`write ${n}\n`);
      execFileSync('bash', ['-c', `echo child ${n}; echo error ${n} >&2`], { stdio: 'inherit' });
      console.error(`console.error ${n}`);
    });
    const futures = [1, 2, 3].map((n) => print(n));
    await spawn(queue, quiet);
    for (const [index, future] of futures.entries()) {
      const n = index + 1;
      expect(await future.out()).toBe(`log ${n}\nwrite ${n}\nchild ${n}\n`);
      expect(await future.err()).toBe(`error ${n}\nconsole.error ${n}\n`);
    }
  });

  it('is kept apart for tasks that overlap, of bash apps too', async () => {
    const { queue, taskManager } = makePlace();
    const tm = taskManager({ scheduler: { maxWorkers: 1, concurrency: 8 } });
    const print = tm.tsApp(async function print(n: number) {
      for (let round = 0; round < 5; round++) {
        console.log(`${n} ${round}`);
        process.stderr.write(`e${n}\n`);
        await delay(5);
      }
      return process.pid;
    });
    const bash = tm.bashApp(function bash(n: number) {
      return `for r in 0 1 2; do echo b${n}; echo x${n} >&2; sleep 0.02; done`;
    });
    const tasks = Array.from({ length: 8 }, (_, n) => ({ n, ts: print(n), sh: bash(n) }));
    await spawn(queue, quiet);
    for (const { n, ts, sh } of tasks) {
      expect(await ts.out()).toBe([0, 1, 2, 3, 4].map((round) => `${n} ${round}\n`).join(''));
      expect(await ts.err()).toBe(`e${n}\n`.repeat(5));
      expect(await sh.out()).toBe(`b${n}\n`.repeat(3));
      expect(await sh.err()).toBe(`x${n}\n`.repeat(3));
    }
    expect(new Set(await Promise.all(tasks.map(({ ts }) => ts.result()))).size).toBe(1);
  });

  it.each([1, 2])('is cut with a notice beyond 10 MiB, with concurrency %i', async (concurrency) => {
    const { queue, taskManager } = makePlace();
    const much = taskManager({ scheduler: { maxWorkers: 1, concurrency } }).tsApp(function much() {
      const line = `${'y'.repeat(1023)}\n`;
      for (let n = 0; n < 11 * 1024; n++) process.stdout.write(line);
    });
    const future = much();
    await spawn(queue, quiet);
    const out = await future.out();
    expect(out.length).toBeLessThan(10 * 2 ** 20 + 200);
    expect(out).toContain('are left out here');
  });

  it('is not kept under no_out', async () => {
    const { queue, taskManager } = makePlace();
    const tm = taskManager();
    const print = tm.tsApp(function print() {
      console.log('a');
    });
    const bash = tm.bashApp(function bash() {
      return ['echo', 'b'];
    });
    const [printed, result] = [print(), bash()];
    await spawn(queue, { mode: 'no_out' });
    expect(await printed.out()).toBe('');
    expect(await result.result()).toBe('b\n');
  });
});

describe('between tasks of one worker', () => {
  it('variables and working directory are put back', async () => {
    const { queue, taskManager } = makePlace();
    const tm = taskManager({ scheduler: { maxWorkers: 1 } });
    const spoil = tm.tsApp(function spoil() {
      process.env.SPOILED = '1';
      delete process.env.PATH;
      process.chdir('/');
    });
    const look = tm.tsApp(function look() {
      return [process.env.SPOILED, process.env.PATH !== undefined, process.cwd()];
    });
    spoil();
    const seen = look();
    await spawn(queue, quiet);
    expect(await seen.result()).toEqual([undefined, true, process.cwd()]);
  });
});
