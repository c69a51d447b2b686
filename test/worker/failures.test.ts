import { appendFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type Future, settled, spawn, TaskError } from 'tspipe';
import { makePlace } from '../helpers/place.ts';
import { isRunning, until } from '../helpers/processes.ts';

const quiet = { mode: 'no_stream' } as const;

/** The error that a Future rejects with. */
async function errorOf(future: Future<unknown>): Promise<TaskError> {
  const error: unknown = await future.result().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof TaskError) return error;
  throw new Error(`a TaskError was expected, not ${String(error)}`);
}

describe('a failing task', () => {
  it('leaves the others alone and keeps its error, with the line of the user and the end of standard error', async () => {
    const { queue, taskManager } = makePlace();
    const tm = taskManager({ scheduler: { maxWorkers: 2 } });
    const half = tm.tsApp(function half(n: number) {
      if (n === 3) {
        console.error('about to fail');
        throw new RangeError('three is odd');
      }
      return n / 2;
    });
    const futures = [1, 2, 3, 4].map((n) => half(n));
    expect(await spawn(queue, quiet)).toMatchObject({ stopped: 'done', succeeded: 3, failed: 1, blocked: 0 });
    expect(await futures[3]?.result()).toBe(2);
    const error = await errorOf(futures[2] as Future<number>);
    expect(error).toMatchObject({
      code: 'TASK_FAILED',
      state: 'FAILED',
      app: 'half',
      taskId: futures[2]?.id,
    });
    expect(error.message).toContain('three is odd');
    expect(error.remoteStack).toMatch(/failures\.test\.ts:\d+/);
    expect(error.stderr).toContain('about to fail');
    expect(error.cause).toBeInstanceOf(RangeError);
    expect(await futures[2]?.err()).toBe('about to fail\n');
  });

  it('blocks what requires it, and the error names the requirement at fault', async () => {
    const { queue, taskManager } = makePlace();
    const tm = taskManager();
    const bad = tm.tsApp(function bad(): number {
      throw new Error('no luck');
    });
    const next = tm.tsApp(function next(n: number) {
      return n;
    });
    const blocked = next(next(bad()));
    expect(await spawn(queue, quiet)).toMatchObject({ failed: 1, blocked: 2 });
    expect(await blocked.state()).toBe('BLOCKED');
    const error = await errorOf(blocked);
    expect(error.code).toBe('TASK_BLOCKED');
    expect(error.message).toMatch(/requires bad\[0\].*FAILED/);
    expect(error.message).toContain('no luck');
  });

  it('is delivered by settled(), beside the values', async () => {
    const { queue, taskManager } = makePlace();
    const tm = taskManager();
    const odd = tm.tsApp(function odd(n: number) {
      if (n % 2 === 0) throw new Error(`${n} is even`);
      return n;
    });
    const collect = tm.tsApp(function collect(all: { ok: boolean; value?: number; error?: TaskError }[]) {
      return all.map(({ ok, value, error }) => (ok ? value : error?.remoteMessage));
    });
    const collected = collect(settled([odd(1), odd(2), odd(3)]) as never);
    await spawn(queue, quiet);
    expect(await collected.result()).toEqual([1, '2 is even', 3]);
  });

  it('is tried again as often as retries says', async () => {
    const place = makePlace();
    const { log } = place;
    const tm = place.taskManager();
    const flaky = tm.tsApp({ retries: 2 })(function flaky(name: string, good: number) {
      appendFileSync(log, `${name}\n`);
      console.log(`attempt of ${name}`);
      const { readFileSync } = process.getBuiltinModule('node:fs');
      const times = readFileSync(log, 'utf8')
        .split('\n')
        .filter((line) => line === name).length;
      if (times < good) throw new Error(`not yet, ${times}`);
      return times;
    });
    const third = flaky('third', 3);
    const fourth = flaky('fourth', 4);
    await spawn(place.queue, quiet);
    expect(await third.result()).toBe(3);
    const { attempts } = await third.task();
    expect(attempts.map(({ out, err }) => [out, err])).toEqual(Array(3).fill(['attempt of third\n', '']));
    const [first] = attempts;
    expect(first).toMatchObject({
      host: expect.any(String),
      agent: expect.any(Number),
      worker: expect.any(Number),
    });
    expect((await errorOf(fourth)).message).toContain('not yet, 3');
    expect(place.lines().filter((line) => line === 'fourth')).toHaveLength(3);
  });
});

describe('after', () => {
  it('orders without passing anything', async () => {
    const place = makePlace();
    const { log } = place;
    const tm = place.taskManager({ scheduler: { maxWorkers: 4 } });
    const say = tm.tsApp(async function say(word: string, wait: number) {
      await delay(wait);
      appendFileSync(log, `${word}\n`);
    });
    const first = say('first', 150);
    say.with({ after: [first] })('second', 0);
    await spawn(place.queue, quiet);
    expect(place.lines()).toEqual(['first', 'second']);
  });
});

describe('a task that takes its process with it', () => {
  it('fails with its exit code when it exits', async () => {
    const place = makePlace();
    const tm = place.taskManager();
    const leave = tm.tsApp(function leave(): number {
      console.log('bye');
      process.exit(3);
    });
    const other = tm.tsApp(function other() {
      return 1;
    });
    const left = leave();
    const stays = other();
    await spawn(place.queue, quiet);
    const error = await errorOf(left);
    expect(error).toMatchObject({ code: 'TASK_FAILED', exitCode: 3 });
    expect(error.message).toContain('exited with code 3 before');
    expect(await left.out()).toBe('bye\n');
    expect(await stays.result()).toBe(1);
  });

  it('is KILLED when it ends by a signal', async () => {
    const place = makePlace();
    const die = place.taskManager().tsApp(function die() {
      process.kill(process.pid, 'SIGKILL');
    });
    const dead = die();
    await spawn(place.queue, quiet);
    const error = await errorOf(dead);
    expect(error).toMatchObject({ code: 'TASK_KILLED', state: 'KILLED', signal: 'SIGKILL' });
    expect(error.message).toContain('SIGKILL');
  });

  it('fails with what a timer of it throws, and with a rejection nobody handles; others go on', async () => {
    const place = makePlace();
    const tm = place.taskManager({ scheduler: { maxWorkers: 1 } });
    const timer = tm.tsApp(async function timer() {
      setTimeout(() => {
        throw new Error('thrown in a timer');
      }, 5);
      await delay(10_000);
    });
    const rejection = tm.tsApp(async function rejection() {
      void Promise.reject(new Error('rejected and left'));
      await delay(10_000);
    });
    const fine = tm.tsApp(function fine(n: number) {
      return n;
    });
    const [thrown, rejected] = [timer(), rejection()];
    const others = [1, 2, 3].map((n) => fine(n));
    expect(await spawn(place.queue, quiet)).toMatchObject({ succeeded: 3, failed: 2 });
    expect((await errorOf(thrown)).message).toContain('thrown in a timer');
    expect((await errorOf(rejected)).message).toContain('rejected and left');
    expect(await Promise.all(others.map((one) => one.result()))).toEqual([1, 2, 3]);
  });

  it('takes overlapping neighbours with it only until they are run again', async () => {
    const place = makePlace();
    const tm = place.taskManager({ scheduler: { maxWorkers: 1, concurrency: 4 } });
    const bad = tm.tsApp(async function bad() {
      setTimeout(() => {
        throw new Error('mine alone');
      }, 50);
      await delay(10_000);
    });
    const good = tm.tsApp(async function good(n: number) {
      await delay(300);
      return n;
    });
    const culprit = bad();
    const neighbours = [1, 2, 3].map((n) => good(n));
    expect(await spawn(place.queue, quiet)).toMatchObject({ succeeded: 3, failed: 1 });
    expect((await errorOf(culprit)).message).toContain('mine alone');
    expect(await Promise.all(neighbours.map((one) => one.result()))).toEqual([1, 2, 3]);
  });
});

describe('a throw of something else than an Error', () => {
  it('is a failure that shows it', async () => {
    const place = makePlace();
    const odd = place.taskManager().tsApp(function odd(): number {
      throw { reason: 'none' };
    });
    const thrown = odd();
    await spawn(place.queue, quiet);
    expect((await errorOf(thrown)).message).toContain("{ reason: 'none' }");
  });
});

describe('a result that cannot be encoded', () => {
  it('fails the task with the path to the culprit, and the same worker runs the next', async () => {
    const place = makePlace();
    const tm = place.taskManager({ scheduler: { maxWorkers: 1 } });
    const bad = tm.tsApp(function bad() {
      console.error(process.pid);
      return { deep: [1, { socket: new WeakMap() }] } as unknown;
    });
    const pid = tm.tsApp(function pid() {
      return process.pid;
    });
    const failed = bad();
    const next = pid();
    await spawn(place.queue, quiet);
    const error = await errorOf(failed);
    expect(error.message).toMatch(/result.*deep.*1.*socket/);
    expect(await failed.err()).toBe(`${await next.result()}\n`);
  });
});

describe('a task that runs too long', () => {
  it('is KILLED with the reason, its whole process tree is gone and its output is kept', async () => {
    const place = makePlace();
    const tm = place.taskManager();
    const slow = tm.tsApp({ timeoutSeconds: 0.5, retries: 3 })(async function slow() {
      const { spawn: start } = process.getBuiltinModule('node:child_process');
      console.log(process.pid, start('bash', ['-c', 'sleep 100; true']).pid);
      await delay(100_000);
    });
    const late = slow();
    await spawn(place.queue, quiet);
    const error = await errorOf(late);
    expect(error).toMatchObject({ code: 'TASK_KILLED', state: 'KILLED' });
    expect(error.message).toContain('timeoutSeconds: 0.5');
    const pids = (await late.out()).trim().split(' ').map(Number);
    expect(pids).toHaveLength(2);
    await until('the processes are gone', () => !pids.some(isRunning), 2);
    expect((await late.task()).attempts).toHaveLength(1);
  });

  it('is ended also when it is busy, ignores the signal for bash, and does not hurt the next', async () => {
    const place = makePlace();
    const tm = place.taskManager({ scheduler: { maxWorkers: 1 } });
    const busy = tm.tsApp({ timeoutSeconds: 0.3 })(function busy() {
      for (;;);
    });
    const sleep = tm.bashApp({ timeoutSeconds: 1 })(function sleep() {
      return 'echo begun; sleep 100';
    });
    const fine = tm.tsApp(function fine(n: number) {
      return n;
    });
    const [a, b] = [busy(), sleep()];
    const others = [1, 2, 3].map((n) => fine(n));
    expect(await spawn(place.queue, quiet)).toMatchObject({ succeeded: 3, failed: 2 });
    expect((await errorOf(a)).message).toContain('timeoutSeconds');
    expect((await errorOf(b)).message).toContain('timeoutSeconds');
    expect(await b.out()).toBe('begun\n');
    expect(await Promise.all(others.map((one) => one.result()))).toEqual([1, 2, 3]);
  });

  it('is due again under retry_at_timeout', async () => {
    const place = makePlace();
    const { log } = place;
    const tm = place.taskManager();
    const slow = tm.tsApp({ timeoutSeconds: 0.5 })(async function slow() {
      appendFileSync(log, 'run\n');
      const { readFileSync } = process.getBuiltinModule('node:fs');
      if (readFileSync(log, 'utf8') === 'run\n') await delay(100_000);
      return 'second';
    });
    const future = slow();
    await spawn(place.queue, { mode: ['no_stream', 'retry_at_timeout'] });
    expect(await future.result()).toBe('second');
    expect(place.lines()).toEqual(['run', 'run']);
  });

  it('is ended alone where it overlaps with others', async () => {
    const place = makePlace();
    const tm = place.taskManager({ scheduler: { maxWorkers: 1, concurrency: 4 } });
    const sleep = tm.bashApp({ timeoutSeconds: 1 })(function sleep() {
      return 'sleep 100 & echo $!; wait';
    });
    const fine = tm.tsApp(async function fine(n: number) {
      await delay(1500);
      return [n, process.pid];
    });
    const late = sleep();
    const others = [1, 2].map((n) => fine(n));
    await spawn(place.queue, quiet);
    expect((await errorOf(late)).message).toContain('timeoutSeconds');
    expect(isRunning(Number(await late.out()))).toBe(false);
    for (const one of others) expect((await one.task()).attempts).toHaveLength(1);
  });
});
