import { statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { settled, spawn } from 'tspipe';
import { processesOf } from '../helpers/processes.ts';
import { makePlace } from '../helpers/place.ts';

const QUIET = { mode: 'no_stream' } as const;

describe('a task', () => {
  it('has the properties of its call and of its newest attempt', async () => {
    const { queue, taskManager } = makePlace();
    const tm = taskManager();
    const add = tm.tsApp({ name: 'add' })((a: number, b = 10, ...rest: number[]) => {
      console.log('adding');
      console.error('with care');
      return a + b + rest.length;
    });
    const first = add(1);
    const second = add(first, 2, 3, 4);
    const before = await second.task();
    expect(() => before.args).toThrow();
    expect(before).toMatchObject({
      state: 'WAITING',
      result: undefined,
      attempts: [],
      t0: null,
      dtime: null,
      errno: null,
    });
    await spawn(queue, QUIET);
    const task = await second.task();
    expect(task).toMatchObject({
      id: second.id,
      name: 'add',
      index: 1,
      state: 'SUCCEEDED',
      mid: tm.id,
      args: [11, 2, 3, 4],
      kwargs: { a: 11, b: 2, rest: [3, 4] },
      requireIds: [first.id],
      out: 'adding\n',
      err: 'with care\n',
      errno: null,
      result: 15,
    });
    expect((await first.task()).kwargs).toEqual({ a: 1, rest: [] });
    expect(task.t0).toBeInstanceOf(Date);
    expect(task.dtime).toBeGreaterThanOrEqual(0);
    expect(task.versions).toMatchObject({ node: expect.stringMatching(/^v?\d+/) });
    expect(task.attempts).toMatchObject([
      { number: 1, state: 'SUCCEEDED', account: 'counted', signal: null },
    ]);
    expect(task.app.code).toContain("console.log('adding')");
    expect(`${task.app.appName} ${task.app.kind}`).toBe('add ts');
  });

  it('run here has its real arguments, takes others by name, and writes nothing to the queue', async () => {
    const { queue, taskManager } = makePlace();
    const tm = taskManager();
    const twice = (n: number) => 2 * n;
    const add = tm.tsApp({ name: 'add' })(async (a: number, fn: (n: number) => number) => a + fn(10));
    const echo = tm.bashApp({ name: 'echo' })((word: string) => `echo '${word}'; exit 0`);
    const [one, said] = [add(add(1, twice), twice), echo('hello')];
    await spawn(queue, QUIET);
    await expect.poll(() => processesOf(queue)).toEqual([]);
    const files = () => [statSync(queue.path).mtimeMs, statSync(`${queue.path}-wal`).mtimeMs];
    const before = files();
    const [task, command] = [await one.task(), await said.task()];
    expect(await task.run()).toBe(41);
    expect(await task.run({ a: 1 })).toBe(21);
    expect(await task.clone({ kwargs: { a: 2 } }).run()).toBe(22);
    expect(await command.run()).toBe('hello\n');
    expect(await command.run({ word: 'bye' })).toBe('bye\n');
    await expect(task.run({ nobody: 1 })).rejects.toThrow(
      /no parameter "nobody"\. The parameters are: a, fn/,
    );
    expect(files()).toEqual(before);
    expect(task.attempts).toHaveLength(1);
  });

  it('run here raises what its function raises, at the line of the file of the user', async () => {
    const { queue, taskManager } = makePlace();
    const tm = taskManager();
    const fail = tm.tsApp({ name: 'fail' })((n: number) => {
      if (n > 0) throw new RangeError('here');
      return n;
    });
    const grow = tm.tsApp({ name: 'grow' })((n: number) => fail(n));
    const shell = tm.bashApp({ name: 'shell' })(() => 'exit 3');
    fail(1);
    grow(1);
    shell();
    const [task, growing, command] = await queue.tasks();
    const error = await task?.run().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(RangeError);
    expect((error as Error).stack).toMatch(/task\.test\.ts:85:/);
    await expect(growing?.run()).rejects.toThrow(
      /writes nothing to the queue, and this function calls an app/,
    );
    await expect(command?.run()).rejects.toMatchObject({ code: 'COMMAND_FAILED' });
    expect(await queue.counts()).toBe(3);
  });

  it('keeps functions, Futures, settled Futures, key and `after` when it is copied', async () => {
    const { queue, taskManager } = makePlace();
    const tm = taskManager();
    const one = tm.tsApp({ name: 'one' })((n: number) => n)(1);
    const apply = tm.tsApp({ name: 'apply', cores: 1, retries: 2, timeoutSeconds: 60, memory: '10 MB' })(
      (fn: (n: number) => number, n: number, ends: { ok: boolean }[]) => [fn(n), ends.map(({ ok }) => ok)],
    );
    const future = apply.with({ key: 'k', after: [one] })((n: number) => n + 1, one, settled([one]));
    const [copy] = await queue.add((await future.task()).clone());
    expect(copy?.id).toBe(future.id);
    const [changed] = await queue.add((await future.task()).clone({ kwargs: { n: 5 } }));
    await spawn(queue, QUIET);
    expect(await future.result()).toEqual([2, [true]]);
    expect(await changed?.result()).toEqual([6, [true]]);
  });
});
