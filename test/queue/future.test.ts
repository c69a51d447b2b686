import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { type Future, spawn, TaskError } from 'tspipe';
import { makePlace } from '../helpers/place.ts';
import { run } from './script.ts';

const QUIET = { mode: 'no_stream' } as const;

describe('a Future', () => {
  it('gives result, output, state and task, and has the same id in every run', async () => {
    const { folder, queue, taskManager } = makePlace();
    const script = `const f = tm.tsApp(function f(n) { console.log('out', n); console.error('err', n); return { n }; });
      console.log(f(1).id);`;
    const first = await run(folder, script);
    const second = await run(folder, script);
    expect(first.out).toMatch(/^[0-9a-f]{16}\n$/);
    expect(second.out).toBe(first.out);
    const echo = taskManager().bashApp({ name: 'echo' })((word: string) => ['echo', word]);
    const said = echo('hello');
    const [task] = await queue.tasks({ name: 'f' });
    const [future] = await queue.add(task?.clone() ?? []);
    await spawn(queue, QUIET);
    expect(future?.id).toBe(first.out.trim());
    expect(await future?.result()).toEqual({ n: 1 });
    expect([await future?.out(), await future?.err(), await future?.state()]).toEqual([
      'out 1\n',
      'err 1\n',
      'SUCCEEDED',
    ]);
    expect([await said.result(), await said.out()]).toEqual(['hello\n', 'hello\n']);
    expect(inspect(said)).toBe(`Future echo ${said.id} SUCCEEDED`);
  });

  it('rejects after its time with RESULT_TIMEOUT, and waits as long as asked for', async () => {
    const { queue, taskManager } = makePlace();
    const future = taskManager().tsApp({ name: 'f' })((n: number) => n)(1);
    await expect(future.result({ timeout: 0.05 })).rejects.toMatchObject({ code: 'RESULT_TIMEOUT' });
    await expect(future.result({ timeout: -1 })).rejects.toMatchObject({ code: 'OPTION_INVALID' });
    const month = future.result({ timeout: 30 * 24 * 3600 });
    await spawn(queue, QUIET);
    expect(await month).toBe(1);
  });

  it('rejects with an error that knows app, task, state, message, stack, and the end of stderr', async () => {
    const { queue, taskManager } = makePlace();
    const tm = taskManager();
    const f = tm.tsApp({ name: 'fit' })((n: number) => {
      console.error('about to fail');
      throw new RangeError(`no fit for ${n}`);
    });
    const future = f(3);
    const next = tm.tsApp({ name: 'next' })((n: number) => n)(future as unknown as Future<number>);
    await spawn(queue, QUIET);
    const error = await future.result().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TaskError);
    expect(error).toMatchObject({
      code: 'TASK_FAILED',
      app: 'fit',
      taskId: future.id,
      state: 'FAILED',
      remoteMessage: 'RangeError: no fit for 3',
      stderr: 'about to fail',
      cause: { name: 'RangeError' },
    });
    const { remoteStack, message } = error as TaskError;
    expect(remoteStack).toMatch(/future\.test\.ts:49:/);
    expect(message).toMatch(/future\.test\.ts:49:/);
    expect(await future.err()).toBe('about to fail\n');
    expect(await future.out()).toBe('');
    const blocked = await next.result().catch((reason: unknown) => reason);
    expect(blocked).toMatchObject({ code: 'TASK_BLOCKED', app: 'next', taskId: next.id, state: 'BLOCKED' });
    expect((blocked as TaskError).message).toMatch(
      new RegExp(`requires fit\\[0\\] \\(task ${future.id}\\), which is FAILED`),
    );
    expect(await next.out()).toBe('');
  });

  it('keeps exit code and signal of a command', async () => {
    const { queue, taskManager } = makePlace();
    const tm = taskManager();
    const exit = tm.bashApp({ name: 'exit' })(() => 'echo said; exit 7')();
    const cut = tm.bashApp({ name: 'cut' })(() => 'yes | head -n 1')();
    await spawn(queue, QUIET);
    await expect(exit.result()).rejects.toMatchObject({ code: 'TASK_FAILED', exitCode: 7 });
    expect(await exit.out()).toBe('said\n');
    await expect(cut.result()).rejects.toThrow(/SIGPIPE/);
  });

  it('used as a text, JSON or a number says what to do', () => {
    const { taskManager } = makePlace();
    const future = taskManager().tsApp({ name: 'f' })((n: number) => n)(1);
    const uses = [
      () => `${future}`,
      () => JSON.stringify({ future }),
      () => Number(future),
      () => String(future),
    ];
    for (const use of uses) expect(use).toThrow(expect.objectContaining({ code: 'FUTURE_AS_VALUE' }));
    expect(uses[0]).toThrow(/\.result\(\)/);
    expect('then' in future).toBe(false);
  });

  it('that a function captures is refused, with the cure', () => {
    const { taskManager } = makePlace();
    const tm = taskManager();
    const future = tm.tsApp({ name: 'f' })((n: number) => n)(1);
    const g = tm.tsApp({ name: 'g' })(() => [future].length);
    expect(() => g()).toThrow(/g → future: a Future cannot be captured\. Pass it as an argument/);
  });

  it('is what an app that is an argument gives in the function, as its plain function does not', async () => {
    const { queue, taskManager } = makePlace();
    const tm = taskManager();
    const f = tm.tsApp({ name: 'f' })((n: number) => n);
    const map = tm.tsApp({ name: 'map' })((fn: (n: number) => unknown, list: number[]) =>
      list.map((n) => fn(n)),
    );
    expect(map(f.fn, [1]).id).toBe(map(f.fn, [1]).id);
    expect(map(f, [1]).id).not.toBe(map(f.fn, [1]).id);
    const futures = [map(f, [1, 2]), map(f.fn, [1, 2])];
    await spawn(queue, { mode: 'no_stream' });
    expect(await Promise.all(futures.map((future) => future.result()))).toEqual([
      [1, 2],
      [1, 2],
    ]);
    expect((await queue.tasks({ name: 'f' })).map((task) => task.args)).toEqual([[1], [2]]);
  });
});

describe('a thousand waiting Futures', () => {
  it('share one watcher and one timer, and all get their results', async () => {
    const { queue, taskManager } = makePlace();
    const f = taskManager().tsApp({ name: 'f' })((n: number) => n);
    const resources = () =>
      process.getActiveResourcesInfo().filter((name) => /FSEvent|Timeout/.test(name)).length;
    const futures = Array.from({ length: 1000 }, (_, n) => f(n));
    const before = resources();
    const results = futures.map((future) => future.result());
    await queue.flush();
    expect(resources() - before).toBeLessThanOrEqual(2);
    await spawn(queue, QUIET);
    expect(await Promise.all(results)).toEqual(futures.map((_, n) => n));
    expect(resources()).toBeLessThanOrEqual(before);
  });

  it('hear of what is killed, blocked and removed too', async () => {
    const { queue, taskManager } = makePlace();
    const f = taskManager().tsApp({ name: 'f' })((n: unknown) => n);
    const others = Array.from({ length: 300 }, (_, n) => f(n).result({ timeout: 20 }));
    const killed = f('killed');
    const blocked = f([killed]);
    const removed = f('removed');
    const codes = Promise.all(
      [killed, blocked, removed].map((one) => one.result().catch(({ code }: { code: string }) => code)),
    );
    await queue.kill({ tid: killed.id, state: 'PENDING' });
    await queue.remove(removed.id);
    expect(await codes).toEqual(['TASK_KILLED', 'TASK_BLOCKED', 'TASK_REMOVED']);
    await queue.clear();
    const ends = await Promise.allSettled(others);
    expect(new Set(ends.map((end) => end.status === 'rejected' && end.reason.code))).toEqual(
      new Set(['TASK_REMOVED']),
    );
  });
});
