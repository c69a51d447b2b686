import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { type Future, Queue, spawn, type TaskFilter } from 'tspipe';
import { append, makePlace, type Place } from '../helpers/place.ts';

/** An app whose task ends once a file is there, so that a test decides when. */
function gate({ taskManager }: Place) {
  return taskManager({ scheduler: { maxWorkers: 2 } }).tsApp({ name: 'gate' })(
    async (log: string, file: string) => {
      const { appendFileSync, existsSync: isThere } = await import('node:fs');
      appendFileSync(log, 'started\n');
      while (!isThere(file)) await new Promise((resolve) => setTimeout(resolve, 10));
      appendFileSync(log, 'ended\n');
      return 1;
    },
  );
}

async function pageAfter(queue: Queue, after: string | undefined) {
  return after === undefined ? await queue.tasks({ limit: 350 }) : await queue.tasks({ limit: 350, after });
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10));
}

async function settledState(future: Future): Promise<string> {
  await future.err();
  return await future.state();
}

describe('queue.tasks', () => {
  it('is an array when awaited and an async iterator, with every filter, one value or several', async () => {
    const { queue, taskManager } = makePlace();
    const [one, two] = [
      taskManager({ scheduler: { maxWorkers: 1 } }),
      taskManager({ scheduler: { maxWorkers: 2 } }),
    ];
    const f = one.tsApp({ name: 'f' })((n: unknown) => n);
    const g = two.tsApp({ name: 'g' })((n: unknown) => n);
    const futures = [f(1), f(2), g(1), g([f(1)])];
    const ids = futures.map(({ id }) => id);
    const found = async (filter: TaskFilter) =>
      (await queue.tasks({ ...filter, property: 'id' })).map((id) => ids.indexOf(id));
    expect(await found({})).toEqual([0, 1, 2, 3]);
    expect(await found({ tid: ids[1] ?? '' })).toEqual([1]);
    expect(await found({ tid: [ids[3]?.slice(0, 12) ?? '', ids[0] ?? ''] })).toEqual([0, 3]);
    expect(await found({ state: 'WAITING' })).toEqual([3]);
    expect(await found({ state: ['WAITING', 'PENDING'] })).toEqual([0, 1, 2, 3]);
    expect(await found({ name: 'f' })).toEqual([0, 1]);
    expect(await found({ name: ['f', 'g'], index: 1 })).toEqual([1, 3]);
    expect(await found({ index: [0], mid: two.id })).toEqual([2]);
    expect(await found({ mid: [one.id, two.id], limit: 3 })).toEqual([0, 1, 2]);
    expect(await found({ after: ids[1] ?? '', limit: 1 })).toEqual([2]);
    expect(await found({ jobid: ['none'] })).toEqual([]);
    expect(await found({ limit: 0 })).toEqual([]);
    const names: string[] = [];
    for await (const task of queue.tasks({ state: 'PENDING' })) names.push(`${task.name}${task.index}`);
    expect(names).toEqual(['f0', 'f1', 'g0']);
  });

  it('pages over 1,200 tasks', async () => {
    const { queue, taskManager } = makePlace();
    const f = taskManager().tsApp({ name: 'f' })((n: number) => n);
    for (let n = 0; n < 1200; n++) f(n);
    expect(await queue.tasks({ property: 'index' })).toEqual(Array.from({ length: 1200 }, (_, n) => n));
    const seen: number[] = [];
    for (let after: string | undefined; ; ) {
      const page = await pageAfter(queue, after);
      seen.push(...page.map(({ index }) => index));
      after = page.at(-1)?.id;
      if (page.length < 350) break;
    }
    expect(seen).toHaveLength(1200);
    expect(new Set(seen).size).toBe(1200);
    expect(await queue.counts({ limit: 700 })).toBe(700);
  });

  it('refuses unknown filters, states and properties, and an id nobody knows to begin after', async () => {
    const { queue } = makePlace();
    const refused = async (filter: object) =>
      await queue.counts(filter as TaskFilter).then(
        () => '',
        (error) => error.message,
      );
    expect(await refused({ stat: 'FAILED' })).toMatch(/Did you mean "state"\?/);
    expect(await refused({ state: 'FAILD' })).toMatch(/must be one of WAITING, BLOCKED/);
    expect(await refused({ property: 'idd' })).toMatch(/must be one of/);
    expect(await refused({ after: 'ffff' })).toMatch(/No task has id ffff/);
    await expect(queue.kill({ after: 'ffff' })).rejects.toMatchObject({ code: 'TASK_NOT_FOUND' });
  });

  it('finds one task by a unique beginning of its id', async () => {
    const { queue, taskManager } = makePlace();
    const f = taskManager().tsApp({ name: 'f' })((n: number) => n);
    const ids = Array.from({ length: 30 }, (_, n) => f(n).id);
    expect((await queue.task(ids[7] ?? '')).index).toBe(7);
    expect((await queue.task(ids[7]?.slice(0, 12).toUpperCase() ?? '')).index).toBe(7);
    await expect(queue.task('')).rejects.toThrow(/Several tasks begin with/);
    await expect(queue.task('zz')).rejects.toMatchObject({ code: 'TASK_NOT_FOUND' });
  });
});

describe('a queue', () => {
  it('counts by state, and shows size, state, path and counts when printed', async () => {
    const { queue, taskManager } = makePlace();
    const f = taskManager().tsApp({ name: 'f' })((n: unknown) => n);
    f([f(1), f(2)]);
    expect(await queue.counts()).toBe(3);
    expect(await queue.counts({ state: ['PENDING'], name: 'f' })).toBe(2);
    expect(await queue.counts({ name: 'g' })).toBe(0);
    expect(await queue.summary()).toMatchObject({ WAITING: 1, PENDING: 2, SUCCEEDED: 0, SUPERSEDED: 0 });
    expect(await queue.summary({ name: 'g' })).toMatchObject({ PENDING: 0 });
    expect(inspect(queue)).toBe(
      `Queue(size=3, state=ACTIVE, path=${queue.path})\nWAITING    1\nPENDING    2`,
    );
    await queue.pause();
    expect(inspect(queue)).toMatch(/state=PAUSED/);
    await queue.resume();
    expect(await queue.state()).toBe('ACTIVE');
    expect(await queue.managers()).toEqual([]);
    expect(await queue.workers()).toEqual([]);
  });

  it('gives results in the order of adding', async () => {
    const { queue, taskManager } = makePlace();
    const f = taskManager({ scheduler: { maxWorkers: 1 } }).tsApp({ name: 'f' })((n: number) => ({ n }));
    for (const n of [3, 1, 2]) f(n);
    await spawn(queue, { mode: 'no_stream' });
    expect(await Array.fromAsync(queue.results('f'))).toEqual([{ n: 3 }, { n: 1 }, { n: 2 }]);
    expect(await Array.fromAsync(queue.results('g'))).toEqual([]);
  });

  it('removes a task unless unfinished ones need it; cascade takes these out as well', async () => {
    const { queue, taskManager } = makePlace();
    const f = taskManager().tsApp({ name: 'f' })((n: unknown) => n);
    const a = f(1);
    const b = f([a]);
    const c = f([[b]]);
    const other = f(9);
    await expect(queue.remove(a.id)).rejects.toMatchObject({ code: 'TASK_NEEDED' });
    await queue.remove(other.id);
    await expect(other.task()).rejects.toMatchObject({ code: 'TASK_NOT_FOUND' });
    await expect(other.result()).rejects.toMatchObject({ code: 'TASK_REMOVED' });
    await queue.remove(a.id, { cascade: true });
    expect(await queue.counts()).toBe(0);
    await expect(c.result()).rejects.toMatchObject({ code: 'TASK_REMOVED' });
    const again = f(1);
    expect(await again.state()).toBe('PENDING');
    expect((await again.task()).row).toBeGreaterThan(4);
  });

  it('kills what is pending, which blocks what needs it, and retries both', async () => {
    const { queue, taskManager } = makePlace();
    const f = taskManager().tsApp({ name: 'f' })((n: unknown) => n);
    const a = f(1);
    const b = f([a]);
    expect(await queue.kill()).toBe(0);
    expect(await queue.kill({ tid: a.id, state: 'PENDING' })).toBe(1);
    expect([await a.state(), await b.state()]).toEqual(['KILLED', 'BLOCKED']);
    await expect(b.result()).rejects.toMatchObject({ code: 'TASK_BLOCKED', taskId: b.id });
    await expect(a.result()).rejects.toThrow(/killed by a user/);
    expect(await queue.retry()).toBe(1);
    expect([await a.state(), await b.state()]).toEqual(['PENDING', 'WAITING']);
    expect(await spawn(queue, { mode: 'no_stream' })).toMatchObject({ succeeded: 2 });
    expect(await queue.retry({ tid: a.id, state: 'SUCCEEDED' }, { downstream: true })).toBe(2);
    expect([await a.state(), await b.state()]).toEqual(['PENDING', 'WAITING']);
  });

  it('kills running tasks and resolves when their processes are gone', async () => {
    const place = makePlace();
    const { queue, folder, log, lines } = place;
    const future = gate(place)(log, `${folder}/never`);
    const running = spawn(queue, { mode: 'no_stream' });
    await until(() => lines().includes('started'));
    const [worker] = await queue.workers();
    expect(worker).toMatchObject({ tid: future.id });
    expect(await queue.managers()).toMatchObject([{ pid: process.pid }]);
    await expect(queue.remove(future.id)).rejects.toThrow(/is running\. Kill it first/);
    await expect(queue.clear({ kill: false })).rejects.toMatchObject({ code: 'TASK_NEEDED' });
    expect(await queue.kill({ tid: future.id })).toBe(1);
    expect(await settledState(future)).toBe('KILLED');
    expect(await running).toMatchObject({ stopped: 'done' });
    writeFileSync(`${folder}/never`, '');
    expect(lines()).toEqual(['started']);
  });

  it('paused ends after the current tasks, and resumed goes on', async () => {
    const place = makePlace();
    const { queue, folder, log, lines } = place;
    const f = gate(place);
    const futures = ['a', 'b', 'c', 'd'].map((name) => f(log, `${folder}/${name}`));
    const running = spawn(queue, { mode: 'no_stream' });
    await until(() => lines().length === 2);
    await queue.pause();
    for (const name of ['a', 'b', 'c', 'd']) writeFileSync(`${folder}/${name}`, '');
    expect(await running).toMatchObject({ stopped: 'paused', succeeded: 2 });
    expect(lines()).toHaveLength(4);
    await queue.resume();
    expect(await spawn(queue, { mode: 'no_stream' })).toMatchObject({ stopped: 'done', succeeded: 2 });
    expect(await Promise.all(futures.map((one) => one.result()))).toEqual([1, 1, 1, 1]);
  });

  it('cleared is empty and goes on; deleted leaves no file', async () => {
    const { queue, folder, taskManager } = makePlace();
    const f = taskManager().tsApp({ name: 'f' })((n: unknown) => n);
    const old = f(1);
    f([old]);
    await queue.clear();
    expect(await queue.counts()).toBe(0);
    await expect(old.result()).rejects.toMatchObject({ code: 'TASK_REMOVED' });
    expect(await f(2).state()).toBe('PENDING');
    append(`${folder}/q.sqlite.mine`, 'not the file of a queue');
    await queue.delete();
    expect(readdirSync(folder)).toEqual(['q.sqlite.mine']);
    await expect(queue.counts()).rejects.toMatchObject({ code: 'QUEUE_CLOSED' });
    expect(() => f(3)).toThrow(/closed/);
  });

  it('that is closed, or whose file is deleted, tells those who wait for results', async () => {
    const { queue, folder, taskManager } = makePlace();
    const closed = taskManager()
      .tsApp({ name: 'f' })((n: unknown) => n)(1)
      .result();
    queue.close();
    await expect(closed).rejects.toMatchObject({ code: 'QUEUE_CLOSED' });
    expect(inspect(queue)).toMatch(/closed/);
    queue.close();

    const again = new Queue('q', { baseDir: folder });
    const deleted = taskManager({ queue: again })
      .tsApp({ name: 'f' })((n: unknown) => n)(1)
      .result();
    const other = await import('../../src/queue/index.ts');
    await new other.Queue('q', { baseDir: folder }).delete();
    await expect(deleted).rejects.toMatchObject({ code: 'QUEUE_NOT_FOUND' });
    expect(existsSync(again.path)).toBe(false);
    again.close();
  });

  it('adds changed copies of tasks, and with replace runs again what is there', async () => {
    const { queue, log, lines, taskManager } = makePlace();
    const tm = taskManager();
    const f = tm.tsApp({ name: 'f', version: '1' })(async (path: string, n: number) => {
      (await import('node:fs')).appendFileSync(path, `${n}\n`);
      return n;
    });
    const sum = tm.tsApp({ name: 'sum' })((a: number, b: number) => a + b);
    const total = sum.with({ key: 'k' })(f(log, 1), 10);
    await spawn(queue, { mode: 'no_stream' });
    const task = await total.task();
    const [same] = await queue.add(task.clone());
    expect(same?.id, 'an unchanged copy is the same task').toBe(total.id);
    const [changed] = await queue.add(task.clone({ kwargs: { b: 100 } }));
    expect(changed?.id).not.toBe(total.id);
    expect((await changed?.task())?.requireIds).toEqual((await total.task()).requireIds);
    const one = await queue.tasks({ name: 'f' });
    await queue.add(one);
    await spawn(queue, { mode: 'no_stream' });
    expect([await changed?.result(), lines()]).toEqual([101, ['1']]);
    await queue.add(one, { replace: true });
    await spawn(queue, { mode: 'no_stream' });
    expect(lines()).toEqual(['1', '1']);
    await expect(makePlace().queue.add(one)).rejects.toMatchObject({ code: 'FUTURE_FOREIGN' });
  });
});
