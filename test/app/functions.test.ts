import { createHash } from 'node:crypto';
import { spawn, type App } from 'tspipe';
import { describe, expect, it } from 'vitest';
import { runScript } from '../helpers/script.ts';
import { makePlace } from '../helpers/place.ts';

const quiet = { mode: 'no_stream' } as const;

describe('a function as argument', () => {
  it('brings large binary data along', async () => {
    const { queue, taskManager } = makePlace();
    const table = new Float64Array(10_000).fill(2);
    const apply = taskManager().tsApp(function apply(fn: (x: number) => number, other: Float64Array) {
      return [fn(3), other.at(-1)];
    });
    const future = apply((x) => (table[x] ?? 0) * table.length, new Float64Array(9_000).fill(7));
    await spawn(queue, quiet);
    expect(await future.result()).toEqual([20_000, 7]);
  });

  it('is one of its own where another has equal code, and the same where it is given twice', async () => {
    const { queue, taskManager } = makePlace();
    const counter = () => {
      const state = { n: 0 };
      return () => ++state.n;
    };
    const count = taskManager().tsApp(function count(fns: readonly (() => number)[]) {
      return [fns.map((fn) => fn()), fns[0] === fns[1], fns[0] === fns[2]];
    });
    const [a, b] = [counter(), counter()];
    const future = count([a, b, a]);
    await spawn(queue, quiet);
    expect(await future.result()).toEqual([[1, 1, 2], false, true]);
  });

  it('counts by its code, not by comments, layout and lines', async () => {
    const { folder } = makePlace();
    const idOf = async (lines: string, fn: string): Promise<string> => {
      const text = `import { Queue, TaskManager } from 'tspipe';
        const tm = new TaskManager({ queue: new Queue('q', { baseDir: import.meta.dirname }) });
        ${lines}const apply = tm.tsApp(function apply(fn) { return fn(1); });
        console.log(apply(${fn}).id);`;
      const script = runScript(folder, text);
      await script.ended;
      return script.out();
    };
    const before = await idOf('', '(x) => x + 1');
    expect(before).toMatch(/^[0-9a-f]{16}\n$/);
    expect(await idOf('\n\n', '(x) => /* one more */ x + 1')).toBe(before);
    expect(await idOf('', '(x) => x + 2')).not.toBe(before);
  });

  it('made in a task that imports packages travels on to other tasks', async () => {
    const { queue, taskManager } = makePlace();
    const tm = taskManager();
    const leaf = tm.tsApp(function leaf(fn: (text: string) => string) {
      return fn('x');
    });
    const root = tm.tsApp(function root(): string {
      return leaf((text) => createHash('sha256').update(text).digest('hex').slice(0, 4)) as never;
    });
    const future = root();
    await spawn(queue, quiet);
    expect(await future.result()).toBe('2d71');
  });
});

describe('a result', () => {
  it('can be a function, which the script calls', async () => {
    const { queue, taskManager } = makePlace();
    const adder = taskManager().tsApp(function adder(n: number) {
      return { add: (x: number) => x + n };
    });
    const future = adder(2);
    await spawn(queue, quiet);
    expect((await future.result()).add(3)).toBe(5);
    const [task] = await queue.tasks();
    const shown = task?.result as { readonly add: unknown };
    expect(String(shown.add)).toBe('(x) => x + n');
  });

  it('can be an app, and so can an argument; calling it adds a task', async () => {
    const { queue, taskManager } = makePlace();
    const tm = taskManager();
    const double = tm.tsApp(function double(x: number) {
      return 2 * x;
    });
    const choose = tm.tsApp(function choose() {
      return double;
    });
    const twice = tm.tsApp(function twice(app: App<(x: number) => number>, x: number): number {
      return app(x) as never;
    });
    const chosen = choose();
    const four = twice(double as never, 2);
    await spawn(queue, quiet);
    expect(await four.result()).toBe(4);
    const app = (await chosen.result()) as typeof double;
    expect(app(5).id).toBe(double(5).id);
    const ten = app(5);
    await spawn(queue, quiet);
    expect(await ten.result()).toBe(10);
  });
});

it('counts of an app that a function calls what its results depend on, not how it is run', () => {
  const { taskManager } = makePlace();
  const tm = taskManager();
  const idOf = (of: typeof tm, options: object): string => {
    const inner = of.tsApp(options)(function inner(x: number) {
      return x;
    });
    return tm.tsApp(function outer() {
      return [inner(1)].length;
    })().id;
  };
  const before = idOf(tm, {});
  expect(idOf(tm, { retries: 3, cores: 2, memory: '1 GB' })).toBe(before);
  expect(idOf(tm.clone({ scheduler: { maxWorkers: 7 } }), {})).toBe(before);
  expect(idOf(tm, { version: '2' })).not.toBe(before);
  expect(idOf(tm.clone({ environ: { PRECISION: 'high' } }), {})).not.toBe(before);
});
