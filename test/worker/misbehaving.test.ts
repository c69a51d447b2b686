import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type AppOptions, type Future, spawn, type TaskManager } from 'tspipe';
import { makePlace } from '../helpers/place.ts';
import { isRunning, processesOf, until } from '../helpers/processes.ts';

const quiet = { mode: 'no_stream' } as const;

interface Bad {
  readonly title: string;
  readonly state: 'FAILED' | 'KILLED';
  readonly message: RegExp;
  readonly options?: AppOptions;
  readonly run: () => unknown;
}

const HEAP = { environ: { NODE_OPTIONS: '--max-old-space-size=48' } };

const BAD: readonly Bad[] = [
  {
    title: 'loops without end',
    state: 'KILLED',
    message: /timeoutSeconds: 0.5/,
    options: { timeoutSeconds: 0.5 },
    run() {
      for (;;);
    },
  },
  {
    title: 'does not heed TERM',
    state: 'KILLED',
    message: /timeoutSeconds: 0.5/,
    options: { timeoutSeconds: 0.5 },
    async run() {
      process.on('SIGTERM', () => console.log('no'));
      await delay(100_000);
    },
  },
  {
    title: 'exits as if all were well',
    state: 'FAILED',
    message: /exited with code 0 before the function returned/,
    run: () => process.exit(0),
  },
  {
    title: 'aborts',
    state: 'KILLED',
    message: /SIGABRT: a crash in native code/,
    run: () => process.abort(),
  },
  {
    title: 'calls itself without end',
    state: 'FAILED',
    message: /Maximum call stack/,
    run() {
      const again = (n: number): number => 1 + again(n + 1);
      return again(0);
    },
  },
  {
    title: 'fills the heap',
    state: 'KILLED',
    message: /SIGABRT: its JavaScript heap was full.*max-old-space-size/,
    run() {
      const held: unknown[] = [];
      for (;;) held.push(Array.from({ length: 1e5 }, (_, n) => ({ n })));
    },
  },
  {
    title: 'throws in a timer after it returned a promise',
    state: 'FAILED',
    message: /thrown in a timer/,
    async run() {
      setTimeout(() => {
        throw new Error('thrown in a timer');
      }, 5);
      await delay(100_000);
    },
  },
  {
    title: 'leaves a rejection to nobody',
    state: 'FAILED',
    message: /rejected and left/,
    async run() {
      void Promise.reject(new Error('rejected and left'));
      await delay(100_000);
    },
  },
  {
    title: 'kills its own process group',
    state: 'KILLED',
    message: /SIGKILL, by another process/,
    run: () => process.kill(-process.pid, 'SIGKILL'),
  },
];

/** What the Future rejects with. */
async function errorOf(future: Future<unknown>): Promise<unknown> {
  return await future.result().then(
    () => undefined,
    (error: unknown) => error,
  );
}

function innocent(tm: TaskManager) {
  return tm.tsApp(async function innocent(n: number) {
    console.log(`innocent ${n}`);
    await delay(200);
    return n;
  });
}

describe('a task that', () => {
  it.each(BAD)('$title ends $state, says why, and harms no other', async (bad) => {
    const { queue, taskManager } = makePlace();
    const tm = taskManager({ scheduler: { maxWorkers: 1 }, ...(bad.title.includes('heap') ? HEAP : {}) });
    const app = tm.tsApp({ name: 'bad', ...bad.options })(bad.run);
    const fine = innocent(tm);
    const [first, future, last] = [fine(1), app() as Future<unknown>, fine(2)];
    expect(await spawn(queue, quiet)).toMatchObject({ stopped: 'done', succeeded: 2, failed: 1 });
    await expect.poll(() => processesOf(queue)).toEqual([]);
    expect(await future.state()).toBe(bad.state);
    expect((await errorOf(future)) as Error).toMatchObject({
      code: `TASK_${bad.state}`,
      message: expect.stringMatching(bad.message),
    });
    expect((await future.task()).attempts).toHaveLength(1);
    expect([await first.out(), await last.out()]).toEqual(['innocent 1\n', 'innocent 2\n']);
  });

  it.each(BAD.filter(({ options, title }) => options === undefined && !/timer|stack|itself/.test(title)))(
    '$title takes tasks beside it in the same worker along only until they run again',
    async (bad) => {
      const { queue, taskManager } = makePlace();
      const tm = taskManager({
        scheduler: { maxWorkers: 1, concurrency: 4 },
        ...(bad.title.includes('heap') ? HEAP : {}),
      });
      const fine = innocent(tm);
      const before = [1, 2].map((n) => fine(n));
      const future = tm.tsApp({ name: 'bad' })(bad.run)() as Future<unknown>;
      const all = [...before, fine(3)];
      expect(await spawn(queue, quiet)).toMatchObject({ stopped: 'done', succeeded: 3, failed: 1 });
      await expect.poll(() => processesOf(queue)).toEqual([]);
      expect((await errorOf(future)) as Error).toMatchObject({ message: expect.stringMatching(bad.message) });
      for (const one of all) {
        expect((await one.task()).attempts.map(({ state }) => state)).toEqual(['SUCCEEDED']);
        expect(await one.out()).toMatch(/^innocent \d\n$/);
      }
    },
  );

  it('does not heed its AbortSignal costs the worker; neighbours run again, uncounted', async () => {
    const { queue, taskManager, log } = makePlace();
    const tm = taskManager({ scheduler: { maxWorkers: 1, concurrency: 4 } });
    const deaf = tm.tsApp({ timeoutSeconds: 1 })(async function deaf() {
      await delay(100_000);
    });
    const slow = tm.tsApp(async function slow(word: string) {
      const { appendFileSync, readFileSync } = process.getBuiltinModule('node:fs');
      appendFileSync(log, `${word}\n`);
      const isFirst = readFileSync(log, 'utf8').split(word).length === 2;
      await delay(word === 'long' && isFirst ? 100_000 : 10);
      return process.pid;
    });
    const [future, short, long] = [deaf(), slow('short'), slow('long')];
    expect(await spawn(queue, quiet)).toMatchObject({ stopped: 'done', succeeded: 2, failed: 1 });
    expect(((await errorOf(future)) as Error).message).toContain('timeoutSeconds: 1');
    expect((await long.task()).attempts.map(({ account }) => account)).toEqual(['counted']);
    expect(await long.result()).not.toBe(await short.result());
  }, 60_000);
});

describe('memory', () => {
  it('beyond what a task declares ends it, with words, and its peak is kept', async () => {
    const { queue, taskManager } = makePlace();
    const tm = taskManager({ scheduler: { maxWorkers: 1 } });
    const hold = tm.tsApp({ memory: '300 MB', retries: 1 })(async function hold(bytes: number) {
      const held = Buffer.alloc(bytes, 1);
      await delay(bytes > 2e8 ? 100_000 : 300);
      return held.length;
    });
    const shell = tm.bashApp({ memory: '300 MB' })(function shell() {
      return 'setsid head -c 600M /dev/zero | tail';
    });
    const [large, small, command] = [hold(6e8), hold(1e7), shell()];
    expect(await spawn(queue, quiet)).toMatchObject({ stopped: 'done', succeeded: 1, failed: 2 });
    expect(await small.result()).toBe(1e7);
    for (const one of [large, command]) {
      const error = (await errorOf(one)) as Error;
      expect(error).toMatchObject({ code: 'TASK_KILLED', signal: 'SIGKILL' });
      expect(error.message).toMatch(/It used \d+ MB of 300 MB declared/);
    }
    const { attempts } = await large.task();
    expect(attempts).toHaveLength(2);
    expect(attempts[0]?.peakMemory).toBeGreaterThan(3e8);
    expect((await small.task()).attempts[0]?.peakMemory).toBeLessThan(3e8);
  });

  it('is told apart for tasks after each other in one worker', async () => {
    const { queue, taskManager } = makePlace();
    const hold = taskManager({ scheduler: { maxWorkers: 1 } }).tsApp(async function hold(bytes: number) {
      Buffer.alloc(bytes, 1);
      await delay(100);
    });
    const futures = [1e6, 4e8, 2e6].map((bytes) => hold(bytes));
    await spawn(queue, quiet);
    const peaks = await Promise.all(
      futures.map(async (one) => (await one.task()).attempts[0]?.peakMemory ?? 0),
    );
    expect(peaks[0]).toBeGreaterThan(1e7);
    expect(peaks[0]).toBeLessThan(3e8);
    expect(peaks[1]).toBeGreaterThan(4e8);
  });

  it('beyond what overlapping tasks declare together ends the one that takes it, when it runs alone', async () => {
    const { queue, taskManager } = makePlace();
    const tm = taskManager({ scheduler: { maxWorkers: 1, concurrency: 3 } });
    const hold = tm.tsApp({ memory: '150 MB' })(async function hold(bytes: number) {
      const held = Buffer.alloc(bytes, 1);
      await delay(1000);
      return held.length;
    });
    const futures = [1e6, 7e8, 2e6].map((bytes) => hold(bytes));
    expect(await spawn(queue, quiet)).toMatchObject({ succeeded: 2, failed: 1 });
    expect(((await errorOf(futures[1] as Future<number>)) as Error).message).toMatch(/of 150 MB declared/);
  });
});

describe('what a task leaves behind', () => {
  it.each(['sleep 1000 & echo $!', 'setsid sleep 1000 & echo $!', '(setsid nohup sleep 1000 & echo $!)'])(
    'is gone when it has ended: %s',
    async (command) => {
      const { queue, taskManager } = makePlace();
      const tm = taskManager({ scheduler: { maxWorkers: 1 } });
      const leave = tm.bashApp(function leave(text: string) {
        return text;
      });
      const alive = tm.tsApp(async function alive(text: string) {
        await delay(100);
        return process.getBuiltinModule('node:fs').existsSync(`/proc/${text.trim()}/exe`);
      });
      const left = leave(command);
      const seen = alive(left);
      expect(await spawn(queue, quiet)).toMatchObject({ succeeded: 2 });
      expect(await seen.result()).toBe(false);
      expect(isRunning(Number(await left.result()))).toBe(false);
    },
  );

  it('stays where it is of tm.perWorker, until the worker ends', async () => {
    const { queue, taskManager } = makePlace();
    const tm = taskManager({ scheduler: { maxWorkers: 1 } });
    const helper = tm.perWorker(() =>
      process.getBuiltinModule('node:child_process').spawn('sleep', ['1000']),
    );
    const ask = tm.tsApp(function ask(_: number) {
      const { pid, exitCode, signalCode } = helper();
      return [pid, exitCode, signalCode];
    });
    const futures = [ask(1), ask(2)];
    expect(await spawn(queue, quiet)).toMatchObject({ succeeded: 2 });
    const [[pid = 0] = [], second] = await Promise.all(futures.map((one) => one.result()));
    expect(second).toEqual([pid, null, null]);
    await expect.poll(() => isRunning(Number(pid))).toBe(false);
  });

  it('of child processes with a session of their own is gone as well, when it is killed too', async () => {
    const { queue, taskManager, folder } = makePlace();
    const tm = taskManager({ scheduler: { maxWorkers: 2 } });
    const path = `${folder}/pid`;
    const start = tm.tsApp({ timeoutSeconds: 1 })(async function start(ms: number) {
      const { spawn: run } = process.getBuiltinModule('node:child_process');
      const child = run('sleep', ['1000'], { detached: true, stdio: 'ignore' });
      child.unref();
      process.getBuiltinModule('node:fs').appendFileSync(path, `${child.pid}\n`);
      await delay(ms);
    });
    start(1);
    start(100_000);
    expect(await spawn(queue, quiet)).toMatchObject({ succeeded: 1, failed: 1 });
    const pids = readFileSync(path, 'utf8').trim().split('\n').map(Number);
    expect(pids).toHaveLength(2);
    expect(pids.some(isRunning)).toBe(false);
  });

  it('goes with worker and agent when these are killed', async () => {
    const { queue, taskManager, log, lines } = makePlace();
    const start = taskManager().tsApp(async function start() {
      const { spawn: run } = process.getBuiltinModule('node:child_process');
      const child = run('sleep', ['1000'], { detached: true, stdio: 'ignore' });
      process.getBuiltinModule('node:fs').appendFileSync(log, `${child.pid}\n`);
      await delay(lines().length > 1 ? 1 : 100_000);
    });
    start();
    const running = spawn(queue, quiet);
    await until('it runs', () => lines().length > 0);
    const [agent = 0] = processesOf(queue, /agent\/main\./);
    process.kill(agent, 'SIGKILL');
    await until('its child is gone', () => !isRunning(Number(lines()[0])), 3);
    await queue.kill({ state: ['PENDING', 'RUNNING'] });
    await running;
  });

  it('prints nothing among what the next one prints', async () => {
    const { queue, taskManager } = makePlace();
    const tm = taskManager({ scheduler: { maxWorkers: 1 } });
    const chatter = tm.tsApp(function chatter() {
      setInterval(() => console.log('still here'), 1);
      return process.pid;
    });
    const shell = tm.bashApp(function shell() {
      return '(while sleep 0.001; do echo still here; done) & echo shell';
    });
    const next = tm.tsApp(async function next(_: unknown) {
      console.log('next');
      await delay(150);
      return process.pid;
    });
    const first = chatter();
    const [second, third] = [next(first), shell()];
    const fourth = next(third);
    await spawn(queue, quiet);
    expect(await second.result()).toBe(await first.result());
    expect([await second.out(), await fourth.out()]).toEqual(['next\n', 'next\n']);
    expect(await third.result()).toMatch(/^(still here\n)*shell\n(still here\n)*$/);
  });

  it('fills no disk: of a flood the beginning and some of the end are kept', async () => {
    const { queue, taskManager } = makePlace();
    const flood = taskManager().tsApp(async function flood() {
      const { fstatSync } = process.getBuiltinModule('node:fs');
      const mebibyte = `${'x'.repeat(1023)}\n`.repeat(1024);
      process.stderr.write('begin\n');
      for (let n = 0; n < 90; n++) process.stderr.write(mebibyte);
      while (fstatSync(2).size > 64 * 2 ** 20) await delay(20);
      process.stderr.write('end\n');
    });
    const future = flood();
    expect(await spawn(queue, quiet)).toMatchObject({ succeeded: 1 });
    const text = await future.err();
    expect(text.startsWith('begin\n')).toBe(true);
    expect(text.endsWith('end\n')).toBe(true);
    expect(text).toMatch(/at least \d+ bytes of output are left out/);
    expect(text.length).toBeLessThan(10 * 2 ** 20 + 200);
  });
});
