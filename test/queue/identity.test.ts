import { describe, expect, it } from 'vitest';
import { type App, type AppOptions, Environment, type Future, Queue, secret, TaskManager } from 'tspipe';
import { makePlace } from '../helpers/place.ts';
import { runScript } from '../helpers/script.ts';

type Value = (...values: unknown[]) => unknown;

function appOf(tm: TaskManager, options: AppOptions = {}): App<Value> {
  return tm.tsApp({ name: 'f', ...options })((...values: unknown[]) => values.length);
}

describe('equal calls', () => {
  it('are one task, and other arguments another', async () => {
    const { queue, taskManager } = makePlace();
    const f = appOf(taskManager());
    const same = [f(1, 'a'), f(1, 'a'), appOf(taskManager())(1, 'a')];
    expect(new Set(same.map(({ id }) => id)).size).toBe(1);
    expect(f(1, 'b').id).not.toBe(same[0]?.id);
    expect(f('1', 'a').id).not.toBe(same[0]?.id);
    expect(await queue.counts()).toBe(3);
  });

  it('are equal without trailing undefined, and whatever the order of keys', async () => {
    const { queue, taskManager } = makePlace();
    const f = appOf(taskManager());
    expect(f(1, undefined, undefined).id).toBe(f(1).id);
    expect(f(undefined, 1).id).not.toBe(f(1).id);
    expect(f({ a: 1, b: { c: 2, d: 3 } }).id).toBe(f({ b: { d: 3, c: 2 }, a: 1 }).id);
    expect(f(new Map([['a', 1]])).id).toBe(f(new Map([['a', 1]])).id);
    expect(f([0]).id).not.toBe(f([-0]).id);
    expect(await queue.counts()).toBe(6);
  });

  it('are equal when long, and differ when long arguments differ at the end', async () => {
    const { queue, taskManager } = makePlace();
    const f = appOf(taskManager());
    const long = 'x'.repeat(5000);
    expect(f(`${long}a`).id).toBe(f(`${long}a`).id);
    expect(f(`${long}a`).id).not.toBe(f(`${long}b`).id);
    expect(await (await f(`${long}b`).task()).args).toEqual([`${long}b`]);
    expect(await queue.counts()).toBe(2);
  });

  it('know a Future by its task', async () => {
    const { queue, taskManager } = makePlace();
    const f = appOf(taskManager());
    expect(f([f(1)]).id).toBe(f([f(1)]).id);
    expect(f([f(1)]).id).not.toBe(f([f(2)]).id);
    expect(f(f(1), f(2)).id).not.toBe(f(f(2), f(1)).id);
    const many = () => f(Array.from({ length: 40 }, (_, n) => f('many', n)));
    expect(many().id).toBe(many().id);
    expect(await queue.counts()).toBe(2 + 2 + 2 + 40 + 1);
  });

  it('may differ in provider, scheduler, resources, retries, priority and directory', async () => {
    const { queue, folder, taskManager } = makePlace();
    const first = appOf(taskManager())(1);
    const others: Future[] = [
      appOf(taskManager({ scheduler: { maxWorkers: 7 } }))(1),
      appOf(taskManager(), { retries: 3, memory: '1 MB', cores: 1, timeoutSeconds: 9, priority: 2 })(1),
      appOf(taskManager()).with({ retries: 2, after: [first] })(1),
    ];
    const before = process.cwd();
    process.chdir(folder);
    others.push(appOf(taskManager())(1));
    process.chdir(before);
    expect(others.map(({ id }) => id)).toEqual(others.map(() => first.id));
    expect(await queue.counts()).toBe(1);
  });

  it('differ in code, kind, declared environment, key and version', () => {
    const { taskManager } = makePlace();
    const tm = taskManager();
    const f = tm.tsApp({ name: 'f' })((n: number) => n + 1);
    const ids = [
      f(1),
      tm.tsApp({ name: 'f' })((n: number) => n + 2)(1),
      tm.tsApp({ name: 'g' })((n: number) => n + 1)(1),
      tm.bashApp({ name: 'f' })((n: number) => (n + 1) as unknown as string)(1),
      taskManager({ environ: { A: '1' } }).tsApp({ name: 'f' })((n: number) => n + 1)(1),
      taskManager({ environ: { A: '2' } }).tsApp({ name: 'f' })((n: number) => n + 1)(1),
      taskManager({ environ: new Environment({}, { command: ':' }) }).tsApp({ name: 'f' })(
        (n: number) => n + 1,
      )(1),
      f.with({ key: 'x' })(1),
      f.with({ key: 'y' })(1),
      f.with({ version: '3' })(1),
      f.with({ identity: { versions: ['valibot'] } })(1),
    ].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('do not see the environment with identity: { environ: false }, nor ever secrets and thread counts', () => {
    const { taskManager } = makePlace();
    const blind = { identity: { environ: false } };
    expect(appOf(taskManager({ environ: { A: '1' } }), blind)(1).id).toBe(
      appOf(taskManager({ environ: { A: '2' } }), blind)(1).id,
    );
    const plain = appOf(taskManager({ environ: {} }))(1).id;
    expect(appOf(taskManager({ environ: { OMP_NUM_THREADS: '4' } }))(1).id).toBe(plain);
    expect(appOf(taskManager({ environ: { data: { TOKEN: secret('TOKEN') } } }))(1).id).toBe(plain);
  });

  it('of other code are equal with the same version', () => {
    const { taskManager } = makePlace();
    const tm = taskManager();
    const one = tm.tsApp({ name: 'f', version: '3' })((n: number) => n + 1);
    const two = tm.tsApp({ name: 'f', version: '3' })((n: number) => n + 2);
    expect(one(1).id).toBe(two(1).id);
    expect(one(1).id).not.toBe(two.with({ version: '4' })(1).id);
  });
});

describe('a call with newer code', () => {
  it('in a new run supersedes what has not started, and the old code called again revives it', async () => {
    const { queue } = makePlace();
    /** As a script does it: opens the queue, calls, and ends. */
    const run = async (add: number, calls: (f: (n: number) => Future, tm: TaskManager) => void) => {
      const own = new Queue(queue.path);
      const tm = new TaskManager({ queue: own });
      calls(
        tm.tsApp({ name: 'f' })((n: number) => n + add),
        tm,
      );
      const tasks = await own.tasks();
      const states = tasks.map(({ name, state }) => `${name} ${state}`);
      own.close();
      return states;
    };
    queue.close();
    expect(await run(1, (f, tm) => void tm.tsApp({ name: 'g' })((n: unknown) => n)(f(1)))).toEqual([
      'f PENDING',
      'g WAITING',
    ]);
    expect(await run(2, (f) => void f(1))).toEqual(['f SUPERSEDED', 'g WAITING', 'f PENDING']);
    expect(await run(1, (f) => void f(1))).toEqual(['f PENDING', 'g WAITING', 'f SUPERSEDED']);
  });

  it('by another script rejects the Future of what it superseded', async () => {
    const { folder, taskManager } = makePlace();
    const first = taskManager().tsApp({ name: 'f' })((n: number) => n + 1)(1);
    expect(await first.state()).toBe('PENDING');
    const other = runScript(
      folder,
      `import { Queue, TaskManager } from 'tspipe';
       const queue = new Queue('q', { baseDir: '.' });
       new TaskManager({ queue }).tsApp({ name: 'f' })((n) => n + 2)(1);
       queue.close();`,
    );
    expect(await other.ended).toEqual({ code: 0, signal: null });
    await expect(first.result()).rejects.toMatchObject({
      code: 'TASK_SUPERSEDED',
      state: 'SUPERSEDED',
      app: 'f',
    });
  });

  it('in the same run leaves the other alone, whose Future is waited for', async () => {
    const { queue, taskManager } = makePlace();
    const tm = taskManager();
    for (const k of [1, 2, 3]) tm.tsApp({ name: 'f' })((n: number) => n * k)(1);
    expect(await queue.summary()).toMatchObject({ PENDING: 3, SUPERSEDED: 0 });
  });

  it('with another key leaves the other alone', async () => {
    const { queue, taskManager } = makePlace();
    const f = appOf(taskManager());
    f.with({ key: 'x' })(1);
    f.with({ key: 'y' })(1);
    f(1);
    expect(await queue.summary()).toMatchObject({ PENDING: 3, SUPERSEDED: 0 });
  });
});

describe('a task that has not started', () => {
  it('moves to the task manager that calls it again, and takes its options and its `after`', async () => {
    const { queue, taskManager } = makePlace();
    const [one, two] = [
      taskManager({ scheduler: { maxWorkers: 1 } }),
      taskManager({ scheduler: { maxWorkers: 2 } }),
    ];
    const f = appOf(one)(1);
    const g = appOf(one)(2);
    expect((await f.task()).mid).toBe(one.id);
    appOf(two).with({ after: [g] })(1);
    expect((await f.task()).mid).toBe(two.id);
    expect((await f.task()).requireIds).toEqual([g.id]);
    expect(await f.state()).toBe('WAITING');
    appOf(two)(1);
    expect(await f.state()).toBe('PENDING');
    expect(await queue.counts({ mid: one.id })).toBe(1);
    expect(await queue.counts({ mid: two.id })).toBe(1);
  });
});

describe('skip', () => {
  it('adds nothing and returns undefined', async () => {
    const { queue, taskManager } = makePlace();
    expect(appOf(taskManager(), { skip: true })(1)).toBeUndefined();
    expect(appOf(taskManager()).with({ skip: true })(1)).toBeUndefined();
    expect(await queue.counts()).toBe(0);
  });
});
