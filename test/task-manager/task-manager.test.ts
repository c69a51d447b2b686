import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Environment, Queue, spawn, TaskManager, type TaskManagerOptions } from 'tspipe';
import { makeFolder, makePlace } from '../helpers/place.ts';

const QUIET = { mode: 'no_stream' } as const;

describe('a task manager', () => {
  it('has the id of its environment, scheduler and provider, whatever the queue', () => {
    const [here, there] = [makePlace(), makePlace()];
    const options = { environ: { A: '1', B: '2' }, scheduler: { maxWorkers: 3 } };
    const tm = here.taskManager(options);
    const same = [
      there.taskManager(options),
      here.taskManager({ ...options, environ: { B: '2', A: '1' } }),
      tm.clone(),
      tm.clone({ queue: there.queue }),
      here.taskManager({ ...options, environ: new Environment({ A: '1', B: '2' }) }),
    ];
    expect(same.map(({ id }) => id)).toEqual(same.map(() => tm.id));
    expect(tm.id).toMatch(/^[0-9a-f]{16}$/);
    expect(tm.clone({ scheduler: { maxWorkers: 4 } }).id).not.toBe(tm.id);
    expect(tm.clone({ environ: {} }).id).not.toBe(tm.id);
    expect(tm.clone({ queue: there.queue }).queue).toBe(there.queue);
    expect(tm.clone({ environ: {} }).scheduler).toEqual(tm.scheduler);
  });

  it('refuses what it does not know, and suggests the nearest', () => {
    const { taskManager } = makePlace();
    const refused: [object, RegExp][] = [
      [{ schedular: {} }, /Did you mean "scheduler"\?/],
      [{ scheduler: { maxWorker: 1 } }, /Did you mean "maxWorkers"\?/],
      [{ scheduler: 'simpel' }, /Did you mean "simple"\?/],
      [{ provider: 'locl' }, /Did you mean "local"\?/],
      [{ environ: 'bse' }, /Did you mean "base"\?/],
      [{ queue: 3 }, /must be a Queue or the name of one/],
    ];
    for (const [options, message] of refused) {
      expect(() => taskManager(options as TaskManagerOptions)).toThrow(message);
    }
    const tm = taskManager();
    expect(() => tm.tsApp({ retires: 1 } as object)).toThrow(/Did you mean "retries"\?/);
    expect(() =>
      tm
        .tsApp({ name: 'f' })(() => 1)
        .with({ memry: 1 } as object),
    ).toThrow(/Did you mean "memory"\?/);
    expect(() => tm.tsApp({ name: 'f', cores: 100_000 })(() => 1)()).toThrow(
      expect.objectContaining({ code: 'RESOURCES_IMPOSSIBLE' }),
    );
  });

  it('takes a queue by name, and its defaults from the configuration', () => {
    const folder = makeFolder();
    writeFileSync(
      join(folder, 'config.yaml'),
      `base_queue_dir: ${folder}\nenviron: { A: '1' }\nscheduler: { maxWorkers: 9 }\n`,
    );
    const before = process.env.TSPIPE_CONFIG_DIR;
    process.env.TSPIPE_CONFIG_DIR = folder;
    const tm = new TaskManager({ queue: 'named' });
    if (before === undefined) delete process.env.TSPIPE_CONFIG_DIR;
    else process.env.TSPIPE_CONFIG_DIR = before;
    expect(tm.queue).toBeInstanceOf(Queue);
    expect(tm.queue.path).toMatch(new RegExp(`^${folder}/.*/named\\.sqlite$`));
    expect(tm.environ.get('A')).toBe('1');
    expect(tm.scheduler).toMatchObject({ maxWorkers: 9 });
    tm.queue.close();
  });

  it('spawns its queue', async () => {
    const { taskManager } = makePlace();
    const tm = taskManager();
    const one = tm.tsApp({ name: 'one' })(() => 1)();
    expect(await tm.spawn(QUIET)).toMatchObject({ stopped: 'done', succeeded: 1 });
    expect(await one.result()).toBe(1);
  });
});

describe('an app', () => {
  it('is made of a function, with options first or none, and is named after it', () => {
    const { taskManager } = makePlace();
    const { tsApp, bashApp } = taskManager();
    const named = tsApp(function named(n: number) {
      return n;
    });
    expect([named.appName, named.name, named.kind, named.fn(3)]).toEqual(['named', 'named', 'ts', 3]);
    expect(named.code).toContain('return n');
    expect(bashApp({ name: 'other' })(() => 'ls').appName).toBe('other');
    expect(tsApp({ retries: 1 })({ name: 'f' })(() => 1).appName).toBe('f');
  });

  it('without a name is refused, with the ways to give one', () => {
    const { taskManager } = makePlace();
    const tm = taskManager();
    expect(() => tm.tsApp(() => 1)).toThrow(expect.objectContaining({ code: 'APP_UNNAMED' }));
    expect(() => tm.tsApp(() => 1)).toThrow(/tm\.apps\(\{ name: x => … \}\)/);
    expect(tm.apps({ f: () => 1 }).f.appName).toBe('f');
  });

  it('is made of functions only', () => {
    const { taskManager } = makePlace();
    for (const wrong of [3, null, undefined, 'f', [], new Map()]) {
      expect(() => taskManager().tsApp(wrong as never)).toThrow(
        expect.objectContaining({ code: 'APP_INVALID' }),
      );
    }
  });
});

describe('what cannot be an app', () => {
  const invalid = (message: RegExp) =>
    expect.objectContaining({ code: 'APP_INVALID', message: expect.stringMatching(message) });

  it('is a generator, which is told to collect its values', () => {
    const tm = makePlace().taskManager();
    function* draw(n: number) {
      yield n;
    }
    async function* read(n: number) {
      yield n;
    }
    expect(() => tm.tsApp(draw)).toThrow(invalid(/^draw is a generator.*return.*\[\.\.\.draw\(\)\]/));
    expect(() => tm.tsApp({ name: 'other' })(read)).toThrow(invalid(/^other is a generator/));
  });

  it('is a class, which is told to give its static methods', () => {
    const tm = makePlace().taskManager();
    class Steps {
      static one = 1;
    }
    expect(() => tm.tsApp(Steps as never)).toThrow(invalid(/^Steps is a class.*tm\.apps\(Steps\)/));
  });

  it('is an app of the other kind, or one with other options; an app given alone is the same app', () => {
    const tm = makePlace().taskManager();
    const twice = tm.tsApp(function twice(n: number) {
      return 2 * n;
    });
    const list = tm.bashApp(function list() {
      return 'ls';
    });
    expect(tm.tsApp(twice)).toBe(twice);
    expect(tm.clone({ scheduler: { maxWorkers: 1 } }).bashApp(list)).toBe(list);
    expect(() => tm.bashApp(twice as never)).toThrow(invalid(/^twice is a ts app.*tm\.bashApp\(app\.fn\)/));
    expect(() => tm.tsApp({ retries: 1 })(twice)).toThrow(invalid(/^twice is an app already.*app\.with/));
  });
});

describe('tm.apps', () => {
  it('of a class gives inherited methods too, and leaves its generators to its apps', async () => {
    const tm = makePlace().taskManager();
    class Base {
      static readonly scale: number = 10;

      static *draw(n: number) {
        yield n;
        yield n + 1;
      }

      static sum(n: number): number {
        // biome-ignore lint/complexity/noThisInStatic: what is tested.
        return this.scale * [...this.draw(n)].reduce((a, b) => a + b);
      }
    }
    class Steps extends Base {
      static override readonly scale = 100;

      static plain(n: number): number {
        return n;
      }
    }
    const steps = tm.apps(Steps);
    expect(Object.keys(steps).sort()).toEqual(['plain', 'sum']);
    expect(Object.keys(tm.apps({ Steps, draw: Base.draw, f: () => 1, unit: 'm' }))).toEqual(['f']);
    const sum = steps.sum(1);
    await tm.spawn(QUIET);
    expect(await sum.result()).toBe(300);
  });

  it('of a class gives its static methods as apps, decorated or not, and nothing else', async () => {
    const { taskManager } = makePlace();
    const tm = taskManager();
    class Steps {
      static readonly scale = 10;

      static say = tm.bashApp({ name: 'shout' })((word: string) => `echo '${word}' | tr a-z A-Z`);

      static times(n: number): number {
        return Steps.scale * n;
      }

      static plain(n: number): number {
        return Steps.times(n) + 1;
      }
    }
    const steps = tm.apps(Steps);
    expect(Object.keys(steps).sort()).toEqual(['plain', 'say', 'times']);
    expect([steps.times.appName, steps.say.appName, steps.say.kind, steps.plain.kind]).toEqual([
      'times',
      'shout',
      'bash',
      'ts',
    ]);
    expect(steps.times.fn(2)).toBe(20);
    const [times, said, plain] = [steps.times(2), steps.say('hello'), steps.plain(3)];
    await tm.spawn(QUIET);
    expect([await times.result(), await said.result(), await plain.result()]).toEqual([20, 'HELLO\n', 31]);
  });

  it('keeps `this` in a static method what it is: the class', async () => {
    const { taskManager } = makePlace();
    const tm = taskManager();
    class Numbers {
      static offset = 5;
      static shift(n: number): number {
        // biome-ignore lint/complexity/noThisInStatic: it is what is tested.
        return n + this.offset;
      }

      static shifted(n: number): number {
        // biome-ignore lint/complexity/noThisInStatic: it is what is tested.
        return this.shift(n);
      }
    }
    const { shifted } = tm.apps(Numbers);
    const future = shifted(1);
    await tm.spawn(QUIET);
    expect(await future.result()).toBe(6);
    expect(await (await future.task()).run({ n: 2 })).toBe(7);
  });
});

describe('tm.perWorker', () => {
  it('gives one of something to each worker, whatever the number of tasks and apps', async () => {
    const { queue, lines, log, taskManager } = makePlace();
    const tm = taskManager({ scheduler: { maxWorkers: 2 } });
    const client = tm.perWorker(() => ({ id: `${process.pid} ${Math.random()}` }));
    const use = tm.tsApp({ name: 'use' })(async (path: string, n: number) => {
      (await import('node:fs')).appendFileSync(path, `${process.pid} ${client().id}\n`);
      await new Promise((resolve) => setTimeout(resolve, 20));
      return n;
    });
    for (let n = 0; n < 12; n++) use(log, n);
    await spawn(queue, QUIET);
    expect(lines()).toHaveLength(12);
    const workers = new Set(lines().map((line) => line.split(' ')[0]));
    expect(workers.size).toBe(2);
    expect(new Set(lines()).size).toBe(workers.size);
    expect(() => use(client as never, 1)).toThrow(/a per-worker value cannot be an argument/);
  });
});
