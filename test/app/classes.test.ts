import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { Option } from 'commander';
import { context, registerClass, spawn } from 'tspipe';
import { describe, expect, it } from 'vitest';
import { runScript } from '../helpers/script.ts';
import { makePlace } from '../helpers/place.ts';

const quiet = { mode: 'no_stream' } as const;

class Point {
  readonly x: number;

  constructor(x: number) {
    this.x = x;
  }

  twice(): Point {
    return new Point(2 * this.x);
  }
}
registerClass(Point, {
  name: 'test.Point',
  encode: ({ x }) => x,
  decode: (data) => new Point(Number(data)),
});

class Line {
  readonly #ends: readonly Point[];

  constructor(ends: readonly Point[]) {
    this.#ends = ends;
  }

  static {
    registerClass(Line, {
      name: 'test.Line',
      encode: (line) => line.#ends,
      decode: (data) => new Line(data as Point[]),
    });
  }

  get length(): number {
    const [from, to] = this.#ends;
    return (to?.x ?? 0) - (from?.x ?? 0);
  }

  get from(): Point | undefined {
    return this.#ends[0];
  }
}

registerClass(Option, {
  name: 'test.Option',
  encode: ({ flags }) => flags,
  decode: (data) => new Option(String(data)),
});

const origin = new Point(10);
const cities = new Map([['a', new Point(1)]]);
const shared = { first: origin, second: [origin] };
const verbose = new Option('--verbose');

describe('instances of registered classes', () => {
  it('are what they were in tasks, as arguments and as captured data', async () => {
    const { queue, taskManager } = makePlace();
    const tm = taskManager({ scheduler: { maxWorkers: 1 } });
    const methods = tm.tsApp(function methods(point: Point, lines: readonly Line[]) {
      return [point.twice().x, lines.map((line) => line.length), lines[0]?.from?.twice().x];
    });
    const classes = tm.tsApp(function classes(point: Point) {
      return [point instanceof Point, origin instanceof Point, cities.get('a') instanceof Point, point.x];
    });
    const sameObjects = tm.tsApp(function sameObjects(points: readonly Point[]) {
      return [shared.first === shared.second[0], shared.first === origin, points[0] === points[1]];
    });
    const foreign = tm.tsApp(function foreign(given: Option) {
      return [given.attributeName(), verbose.attributeName(), given instanceof Option];
    });
    const point = new Point(4);
    const futures = [
      methods(point, [new Line([point, new Point(7)])]),
      classes(point),
      sameObjects([point, point]),
      foreign(new Option('--dry-run')),
    ];
    expect(await spawn(queue, quiet)).toMatchObject({ stopped: 'done', failed: 0 });
    expect(await futures[0]?.result()).toEqual([8, [3], 8]);
    expect(await futures[1]?.result()).toEqual([true, true, true, 4]);
    expect(await futures[2]?.result()).toEqual([true, true, true]);
    expect(await futures[3]?.result()).toEqual(['dryRun', 'verbose', true]);
  });

  it('are results, which other tasks take and the script reads', async () => {
    const { queue, taskManager } = makePlace();
    const tm = taskManager({ scheduler: { maxWorkers: 1 } });
    const made = tm.tsApp(function made(x: number) {
      return { line: new Line([new Point(0), new Point(x)]), option: new Option(`-${x}`) };
    });
    const taken = tm.tsApp(function taken({ line, option }: { line: Line; option: Option }) {
      return [line.length, line.from?.twice().x, option.attributeName()];
    });
    const same = tm.tsApp(function same(point: Point) {
      return point;
    });
    const one = made(5);
    const futures = [one, taken(one), same(same(origin))] as const;
    expect(await spawn(queue, quiet)).toMatchObject({ stopped: 'done', failed: 0 });
    const { line, option } = await futures[0].result();
    expect([line.length, line instanceof Line, line.from instanceof Point]).toEqual([5, true, true]);
    expect([option instanceof Option, option.flags]).toEqual([true, '-5']);
    expect(await futures[1].result()).toEqual([5, 0, '5']);
    expect(await futures[2].result()).toEqual(origin);
  });

  it('are in errors and checkpoints, and go to apps that a task calls', async () => {
    const { queue, taskManager } = makePlace();
    const tm = taskManager({ scheduler: { maxWorkers: 1 } });
    const inner = tm.tsApp(function inner(point: Point) {
      return point.twice();
    });
    const outer = tm.tsApp(function outer(x: number): Point {
      return inner(new Point(x)) as never;
    });
    const resumed = tm.tsApp({ retries: 1 })(async function resumed(): Promise<Point | undefined> {
      if (context.attempt > 1) return (context.restored() as Point).twice();
      await context.checkpoint(new Point(21));
      throw Object.assign(new Error('once more'), { at: new Point(1) });
    });
    const futures = [outer(3), resumed()] as const;
    expect(await spawn(queue, quiet)).toMatchObject({ stopped: 'done', failed: 0 });
    expect(await futures[0].result()).toEqual(new Point(6));
    expect(await futures[1].result()).toEqual(new Point(42));
    const { attempts } = await futures[1].task();
    expect(attempts[0]?.error).toMatchObject({ message: 'once more', at: new Point(1) });
  });
});

describe('a registered class', () => {
  const script = (body: string): string => `import { Queue, registerClass, TaskManager, spawn } from 'tspipe';
    const queue = new Queue('q', { baseDir: import.meta.dirname });
    const tm = new TaskManager({ queue, scheduler: { maxWorkers: 1 } });
    ${body}`;
  const point = (method: string): string => `class Point {
      constructor(x) { this.x = x; }
      ${method}
    }
    registerClass(Point, { name: 'Point', encode: ({ x }) => ({ x }), decode: ({ x }) => new Point(x) });
    const run = tm.tsApp(function run(point) { return [point.twice(), point]; });
    const future = run(new Point(2));`;

  it('counts for identity by its code, and each task has the class of its own call', async () => {
    const { folder } = makePlace();
    const text = (method: string): string =>
      script(`${point(method)}
        await spawn(queue, { mode: 'no_stream' });
        console.log(future.id, (await future.result())[0]);`);
    const runs: string[] = [];
    for (const method of [
      'twice() { return 2 * this.x; }',
      'twice() { /* the same */ return 2 * this.x; }',
      'twice() { return 20 * this.x; }',
    ]) {
      const one = runScript(folder, text(method));
      await one.ended;
      runs.push(one.out());
    }
    expect(runs[0]).toMatch(/ 4\n$/);
    expect(runs[1]).toBe(runs[0]);
    expect(runs[2]).toMatch(/ 40\n$/);
    expect(runs[2]?.slice(0, 16)).not.toBe(runs[0]?.slice(0, 16));
  });

  it('can be read by who has not registered it: in scripts as it is, else by what is stored', async () => {
    const { folder, queue } = makePlace();
    const text = script(
      `${point('twice() { return 2 * this.x; }')} await spawn(queue, { mode: 'no_stream' });`,
    );
    await runScript(folder, text).ended;
    const [task] = await queue.tasks({ name: 'run' });
    expect(inspect(task?.result)).toBe('[ 4, Point { x: 2 } ]');
    expect(inspect(task?.args)).toBe('[ Point { x: 2 } ]');
    const reader = runScript(
      folder,
      script(`const [task] = await queue.tasks();
        const again = task.app(...task.args);
        console.log(again.id === task.id);
        const [, point] = await again.result();
        console.log(point.twice());`),
      { name: 'reader' },
    );
    await reader.ended;
    expect(reader.err()).toBe('');
    expect(reader.out()).toBe('true\n4\n');
    const cli = join(import.meta.dirname, '../../bin/tspipe.js');
    const shown = spawnSync(process.execPath, [cli, 'result', '-q', './q', 'run[0]'], { cwd: folder });
    expect(String(shown.stdout)).toContain('Point');
  });
});

it('runs no accessor of what a function imports to look for registered classes', () => {
  const { taskManager } = makePlace();
  const attempt = taskManager().tsApp(function attempt() {
    return context.attempt;
  });
  expect(attempt().id).toMatch(/^[0-9a-f]{16}$/);
});
