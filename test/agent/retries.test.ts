import { appendFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type AppOptions, RetryAfter, spawn } from 'tspipe';
import { makePlace, type Place } from '../helpers/place.ts';
import { processesOf, until } from '../helpers/processes.ts';
import { runScript } from '../helpers/script.ts';

const quiet = { mode: 'no_stream' } as const;

/** An app that appends a line, and fails in a way of its own until it was run as often as `good` says. */
function failing({ taskManager, log }: Place, options: AppOptions, good = 99) {
  return taskManager({ scheduler: { maxWorkers: 2 } }).tsApp(options)(async function failing(how: string) {
    class Busy extends TypeError {}
    appendFileSync(log, `${how} ${performance.timeOrigin + performance.now()}\n`);
    const { readFileSync } = process.getBuiltinModule('node:fs');
    const runs = readFileSync(log, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith(`${how} `));
    if (runs.length >= good) return runs.length;
    if (how === 'class') throw new Busy('busy');
    if (how === 'code') throw Object.assign(new Error('reset'), { code: 'ECONNRESET' });
    if (how === 'exit') process.exit(75);
    if (how === 'signal') process.kill(process.pid, 'SIGSEGV');
    if (how === 'timeout' || how === 'signal') await delay(100_000);
    throw new RangeError(how);
  });
}

const HOWS = ['class', 'code', 'exit', 'signal', 'timeout', 'other'];

/** How often each was run, by the lines that the runs left. */
function countRuns(place: Place): Record<string, number> {
  const words = place.lines().map((line) => line.split(' ')[0]);
  return Object.fromEntries(HOWS.map((how) => [how, words.filter((word) => word === how).length]));
}

describe('retryOn', () => {
  it.each([
    [undefined, { class: 2, code: 2, exit: 2, signal: 2, timeout: 1, other: 2 }],
    [['timeout'], { class: 1, code: 1, exit: 1, signal: 1, timeout: 2, other: 1 }],
    [['Busy', 'ECONNRESET', 75, 'SIGSEGV'], { class: 2, code: 2, exit: 2, signal: 2, timeout: 1, other: 1 }],
    [['TypeError', 'exit'], { class: 2, code: 1, exit: 1, signal: 1, timeout: 1, other: 1 }],
    [['Error'], { class: 2, code: 2, exit: 1, signal: 1, timeout: 1, other: 2 }],
    [[], { class: 1, code: 1, exit: 1, signal: 1, timeout: 1, other: 1 }],
  ])('%j says which failures are tried again', async (retryOn, runs) => {
    const place = makePlace();
    const options = { retries: 1, timeoutSeconds: 1.5, ...(retryOn === undefined ? {} : { retryOn }) };
    const app = failing(place, options);
    for (const how of HOWS) app(how);
    await spawn(place.queue, quiet);
    expect(countRuns(place)).toEqual(runs);
  });

  it('does not bring back what a user killed', async () => {
    const place = makePlace();
    const app = failing(place, { retries: 5, retryOn: ['timeout', 'Error', 'SIGTERM', 'SIGKILL'] });
    const future = app('timeout');
    const running = spawn(place.queue, quiet);
    await until('it runs', () => place.lines().length > 0);
    await place.queue.kill({ tid: future.id });
    expect(await running).toMatchObject({ failed: 1 });
    expect(place.lines()).toHaveLength(1);
  });

  it('refuses signals that are none, and what is no reason', () => {
    const tm = makePlace().taskManager();
    expect(() => tm.tsApp({ retryOn: ['SIGKIL'] })).toThrow('Did you mean "SIGKILL"?');
    expect(() => tm.tsApp({ retryOn: [1.5] })).toThrow(/exit codes/);
    expect(() => tm.tsApp({ retryDelaySeconds: -1 })).toThrow(/seconds, above 0/);
    expect(() => tm.tsApp({ retryDelaySeconds: { first: 1, factor: 0.5 } })).toThrow(/factor|first/);
  });
});

describe('retryDelaySeconds', () => {
  it('keeps a task PENDING and the run alive, each time longer, and tells when it is due', async () => {
    const place = makePlace();
    const app = failing(place, { retries: 3, retryDelaySeconds: 0.4 }, 4);
    const future = app('class');
    const running = spawn(place.queue, quiet);
    await until('it has failed once', async () => (await future.task()).attempts.length === 1);
    const task = await future.task();
    expect(task.state).toBe('PENDING');
    expect(task.due).toBeInstanceOf(Date);
    expect(await running).toMatchObject({ stopped: 'done', succeeded: 1 });
    expect(await future.result()).toBe(4);
    expect((await future.task()).due).toBeNull();
    const times = place.lines().map((line) => Number(line.split(' ')[1]));
    const waits = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(waits[0]).toBeGreaterThan(399);
    expect(waits[1]).toBeGreaterThan(799);
    expect(waits[2]).toBeGreaterThan(1599);
  });

  it('lets others run meanwhile, agents end, and starts one again in time', async () => {
    const place = makePlace();
    const app = failing(place, { retries: 1, retryDelaySeconds: 6 }, 2);
    const [late, quick] = [app('class'), failing(place, {}, 1)('other')];
    const running = spawn(place.queue, quiet);
    expect(await quick.result()).toBe(1);
    await until('its agent has ended', () => processesOf(place.queue, /agent\/main\./).length === 0);
    expect(await late.state()).toBe('PENDING');
    expect(await place.queue.managers()).toHaveLength(1);
    expect(await running).toMatchObject({ stopped: 'done', succeeded: 2, failed: 0 });
  });

  it('is seen to by the agent where no manager is alive', async () => {
    const place = makePlace();
    const script = runScript(
      place.folder,
      `import { appendFileSync, readFileSync } from 'node:fs';
       import { Queue, spawn, TaskManager } from 'tspipe';
       const queue = new Queue('q', { baseDir: ${JSON.stringify(place.folder)} });
       const log = ${JSON.stringify(place.log)};
       const f = new TaskManager({ queue }).tsApp({ retries: 1, retryDelaySeconds: 3 })(function f() {
         appendFileSync(log, 'run\\n');
         if (readFileSync(log, 'utf8') === 'run\\n') throw new Error('once');
       });
       f();
       await spawn(queue);`,
    );
    await until('it has failed once', async () => (await place.queue.tasks())[0]?.due);
    script.child.kill('SIGKILL');
    await until('the agent has done it and ended', () => processesOf(place.queue).length === 0);
    expect(await place.queue.summary()).toMatchObject({ SUCCEEDED: 1 });
  });

  it('is over at once when the task is killed or retried by a user', async () => {
    const place = makePlace();
    const app = failing(place, { retries: 1, retryDelaySeconds: 3600 }, 2);
    const future = app('class');
    const running = spawn(place.queue, quiet);
    await until('it waits', async () => (await future.task()).due);
    await place.queue.kill({ tid: future.id, state: 'PENDING' });
    expect(await running).toMatchObject({ stopped: 'done', failed: 1 });
    await place.queue.retry();
    expect(await spawn(place.queue, quiet)).toMatchObject({ succeeded: 1 });
  });
});

describe('RetryAfter', () => {
  it('waits as long as it says, without counting', async () => {
    const place = makePlace();
    const { log } = place;
    const later = place.taskManager().tsApp(function later() {
      appendFileSync(log, `${performance.timeOrigin + performance.now()}\n`);
      const { readFileSync } = process.getBuiltinModule('node:fs');
      const runs = readFileSync(log, 'utf8').split('\n').length - 1;
      if (runs < 3) throw new RetryAfter(0.3);
      return runs;
    });
    const future = later();
    expect(await spawn(place.queue, quiet)).toMatchObject({ succeeded: 1, failed: 0 });
    expect(await future.result()).toBe(3);
    const { attempts } = await future.task();
    expect(attempts.map(({ account }) => account)).toEqual(['deferred', 'deferred', 'counted']);
    expect(attempts[0]?.error).toMatchObject({ code: 'RETRY_AFTER', seconds: 0.3 });
    const [first = 0, second = 0] = place.lines().map(Number);
    expect(second - first).toBeGreaterThan(299);
  });

  it('takes seconds only', () => {
    expect(() => new RetryAfter(-1)).toThrow(expect.objectContaining({ code: 'ARGUMENT_INVALID' }));
    expect(() => new RetryAfter(Number.NaN)).toThrow(/seconds/);
  });
});
