import { appendFileSync, mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Environment, registerEnvironment, secret, spawn } from 'tspipe';
import { hostResources } from '../../src/util/index.ts';
import { makePlace } from '../helpers/place.ts';
import { mostAtOnce } from '../helpers/spans.ts';

const quiet = { mode: 'no_stream' } as const;
const { cores } = hostResources();

describe('resources', () => {
  it('bound what runs at once, whatever maxWorkers allows', async () => {
    const place = makePlace();
    const { log } = place;
    const span = place.taskManager({ scheduler: { maxWorkers: 4 } }).tsApp({ cores })(async function span(
      n: number,
    ) {
      appendFileSync(log, `begin ${n}\n`);
      await delay(20);
      appendFileSync(log, `end ${n}\n`);
    });
    for (let n = 0; n < 5; n++) span(n);
    await spawn(place.queue, quiet);
    expect(place.lines()).toHaveLength(10);
    expect(mostAtOnce(place.lines())).toBe(1);
  });

  it.runIf(cores > 1)('come to a large task although small ones keep coming', async () => {
    const place = makePlace();
    const { log } = place;
    const tm = place.taskManager({ scheduler: { maxWorkers: 2 } });
    const small = tm.tsApp({ cores: 1 })(async function small(n: number) {
      appendFileSync(log, `small ${n}\n`);
      await delay(120 + 60 * (n % 2));
    });
    const large = tm.tsApp({ cores })(async function large() {
      appendFileSync(log, 'large\n');
    });
    small(0);
    small(1);
    large();
    for (let n = 2; n < 60; n++) small(n);
    await spawn(place.queue, quiet);
    const lines = place.lines();
    expect(lines).toHaveLength(61);
    expect(lines.indexOf('large')).toBeLessThan(40);
  });

  it('that can never be there are refused at the call', () => {
    const tm = makePlace().taskManager();
    const f = tm.tsApp(function f() {});
    const impossible = expect.objectContaining({ code: 'RESOURCES_IMPOSSIBLE' });
    expect(() => f.with({ cores: 100_000 })()).toThrow(impossible);
    expect(() => f.with({ memory: '900 TB' })()).toThrow(impossible);
    expect(() => f.with({ gpus: 1000 })()).toThrow(impossible);
  });

  it('that can never be there fail a task that was called inside a task', async () => {
    const { queue, taskManager } = makePlace();
    const tm = taskManager();
    const huge = tm.tsApp(function huge() {
      return 1;
    });
    const outer = tm.tsApp(function outer(): number {
      return huge.with({ cores: 100_000 })() as never;
    });
    const future = outer();
    expect(await spawn(queue, quiet)).toMatchObject({ stopped: 'done', failed: 1, blocked: 1 });
    await expect(future.result()).rejects.toThrow(/more cores, memory or GPUs/);
  });

  it('reach a task as variables, and those of the next are its own', async () => {
    const { queue, taskManager } = makePlace();
    const before = process.env.CUDA_VISIBLE_DEVICES;
    process.env.CUDA_VISIBLE_DEVICES = '4,7';
    const names = ['TSPIPE_CORES', 'OMP_NUM_THREADS', 'CUDA_VISIBLE_DEVICES'];
    const tm = taskManager({ scheduler: { maxWorkers: 1 } });
    const look = tm.tsApp(function look(n: number) {
      return [n, ...names.map((name) => process.env[name])].slice(1);
    });
    const shell = tm.bashApp(function shell() {
      return 'echo -n $TSPIPE_CORES $OMP_NUM_THREADS $CUDA_VISIBLE_DEVICES';
    });
    try {
      const futures = [
        look.with({ cores, gpus: 1 })(1),
        look.with({ gpus: 2 })(2),
        look(3),
        shell.with({ cores, gpus: 1 })(),
      ];
      await spawn(queue, quiet);
      expect(await Promise.all(futures.map((one) => one.result()))).toEqual([
        [String(cores), String(cores), '4'],
        ['1', '1', '4,7'],
        ['1', '1', '4,7'],
        `${cores} ${cores} 4`,
      ]);
    } finally {
      if (before === undefined) delete process.env.CUDA_VISIBLE_DEVICES;
      else process.env.CUDA_VISIBLE_DEVICES = before;
    }
  });
});

describe('the environment of a task manager', () => {
  it('reaches its tasks, of both kinds, with what set-up commands make of it; others have their own', async () => {
    const { queue, taskManager } = makePlace();
    const environ = new Environment(
      { SURVEY: 'y 3' },
      { command: 'export DERIVED="$SURVEY, $(echo derived)"' },
    );
    const one = taskManager({ environ });
    const two = taskManager({ environ: { SURVEY: 'other' } });
    const read = function read() {
      return [process.env.SURVEY, process.env.DERIVED];
    };
    const futures = [
      one.tsApp({ name: 'read1' })(read)(),
      one.bashApp(function echo() {
        return 'echo -n "$SURVEY|$DERIVED"';
      })(),
      two.tsApp({ name: 'read2' })(read)(),
    ];
    await spawn(queue, quiet);
    expect(await Promise.all(futures.map((future) => future.result()))).toEqual([
      ['y 3', 'y 3, derived'],
      'y 3|y 3, derived',
      ['other', undefined],
    ]);
  });

  it('keeps variables named like a secret from tasks that do not declare them', async () => {
    const { queue, taskManager } = makePlace();
    process.env.TEST_ARCHIVE_TOKEN = 'open sesame';
    const look = function look() {
      // As a result the value itself is refused.
      return [process.env.TEST_ARCHIVE_TOKEN, process.env.MINE?.split(' ')];
    };
    try {
      const plain = taskManager().tsApp({ name: 'plain' })(look)();
      const declared = taskManager({ environ: new Environment({ MINE: secret('TEST_ARCHIVE_TOKEN') }) });
      const given = declared.tsApp({ name: 'given' })(look)();
      await spawn(queue, quiet);
      expect(await plain.result()).toEqual([undefined, undefined]);
      expect(await given.result()).toEqual([undefined, ['open', 'sesame']]);
    } finally {
      delete process.env.TEST_ARCHIVE_TOKEN;
    }
  });

  it('fails its tasks, and no others, where a secret is missing or a command fails, and says so', async () => {
    registerEnvironment('broken', () => new Environment({}, { command: 'no-such-set-up-command' }));
    const { queue, taskManager } = makePlace();
    const f = function f() {
      return 1;
    };
    const missing = taskManager({ environ: new Environment({ A: secret('TEST_NOT_SET_TOKEN') }) });
    const future = missing.tsApp({ name: 'missing' })(f)();
    const broken = taskManager({ environ: 'broken' }).tsApp({ name: 'broken' })(f)();
    const fine = taskManager().tsApp({ name: 'fine' })(f)();
    expect(await spawn(queue, quiet)).toMatchObject({ succeeded: 1, failed: 2 });
    await expect(future.result()).rejects.toThrow(/TEST_NOT_SET_TOKEN/);
    await expect(broken.result()).rejects.toThrow(/no-such-set-up-command/);
    expect(await fine.result()).toBe(1);
  });
});

describe('the working directory of a task', () => {
  it('is that of the caller at the call', async () => {
    const { queue, taskManager, folder } = makePlace();
    const tm = taskManager({ scheduler: { maxWorkers: 1 } });
    const where = tm.tsApp(function where(n: number) {
      return `${n} ${process.cwd()}`;
    });
    const pwd = tm.bashApp(function pwd() {
      return ['pwd'];
    });
    const home = process.cwd();
    const other = join(folder, 'an other');
    mkdirSync(other);
    const futures: { result(): Promise<string> }[] = [where(1)];
    process.chdir(other);
    futures.push(where(2), pwd());
    process.chdir(home);
    futures.push(where(3));
    await spawn(queue, quiet);
    expect(await Promise.all(futures.map((one) => one.result()))).toEqual([
      `1 ${home}`,
      `2 ${realpathSync(other)}`,
      `${realpathSync(other)}\n`,
      `3 ${home}`,
    ]);
  });

  it('that is gone fails the task and names it', async () => {
    const { queue, taskManager, folder } = makePlace();
    const f = taskManager().tsApp(function f() {});
    const home = process.cwd();
    const gone = join(folder, 'gone');
    mkdirSync(gone);
    process.chdir(gone);
    const future = f();
    process.chdir(home);
    const { rmdirSync } = await import('node:fs');
    await queue.flush();
    rmdirSync(gone);
    expect(await spawn(queue, quiet)).toMatchObject({ failed: 1 });
    await expect(future.result()).rejects.toThrow(gone);
  });
});
