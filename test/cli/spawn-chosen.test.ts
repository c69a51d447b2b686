import { type Queue, TaskManager } from 'tspipe';
import { describe, expect, it } from 'vitest';
import { makeQueue, temporaryFolder } from './fixtures.ts';
import { openQueue } from './open-queue.ts';
import { runCli } from './run-cli.ts';

/** The queue "./chain": two tasks of `first`, and one of `second` for each, which fails for the negative one. */
async function chain(): Promise<{ readonly cwd: string; readonly queue: Queue }> {
  const cwd = temporaryFolder();
  const queue = openQueue(makeQueue(cwd, 'chain', []));
  const tm = new TaskManager({ queue, scheduler: { maxWorkers: 2 } });
  const first = tm.tsApp(function first(value: number) {
    return value;
  });
  const second = tm.clone({ scheduler: { maxWorkers: 1 } }).tsApp(function second(value: number) {
    if (value < 0) throw new RangeError('negative');
    return value;
  });
  for (const value of [1, -1]) second(first(value));
  await queue.flush();
  return { cwd, queue };
}

describe('tspipe spawn for some tasks', () => {
  it('with --name runs those of an app only', async () => {
    const { cwd, queue } = await chain();
    const { code, err } = await runCli(['spawn', '-q', './chain', '--name', 'first'], { cwd });
    expect({ code, isDone: err.includes('done · 2 SUCCEEDED') }, err).toEqual({ code: 0, isDone: true });
    expect(await queue.summary({ name: 'second' })).toMatchObject({ PENDING: 2 });
  });

  it('with --tid runs one by the beginning of its id, with what it requires', async () => {
    const { cwd, queue } = await chain();
    const [tid = ''] = await queue.tasks({ name: 'second', property: 'id' });
    const { code } = await runCli(['spawn', '-q', './chain', '--tid', tid.slice(0, 10)], { cwd });
    expect(code).toBe(0);
    expect(await queue.tasks({ state: 'SUCCEEDED', property: 'name' })).toEqual(['first', 'second']);
    expect(await queue.summary()).toMatchObject({ PENDING: 1, WAITING: 1, FAILED: 0 });
  });

  it('with --mid runs those of a task manager, with what they require', async () => {
    const { cwd, queue } = await chain();
    const [mid = ''] = await queue.tasks({ name: 'first', property: 'mid' });
    expect((await runCli(['spawn', '-q', './chain', '--mid', mid], { cwd })).code).toBe(0);
    expect(await queue.summary({ mid })).toMatchObject({ SUCCEEDED: 2 });
    const others = await queue.tasks({ state: 'PENDING', property: 'name' });
    expect(others).toEqual(['second', 'second']);
  });

  it('with --state runs those in a state, and ends with 1 when one of them did not succeed', async () => {
    const { cwd, queue } = await chain();
    const spawn = (state: string) => runCli(['spawn', '-q', './chain', '--state', state], { cwd });
    expect((await spawn('pending')).code).toBe(0);
    expect(await queue.summary()).toMatchObject({ SUCCEEDED: 2, PENDING: 2 });
    const { code, err } = await spawn('Pending,waiting');
    expect({ code, isDone: err.includes('done · 3 SUCCEEDED, 1 FAILED') }, err).toEqual({
      code: 1,
      isDone: true,
    });
    expect(err).not.toContain('tspipe retry');
    expect((await spawn('failed')).err).toContain(
      'none of these tasks was due. To run ended ones again: tspipe retry',
    );
  });

  it('with --jobid takes up those that a job had begun', async () => {
    const { cwd, queue } = await chain();
    await runCli(['spawn', '-q', './chain', '--name', 'first'], { cwd });
    const [job] = await queue.tasks({ name: 'first', property: 'jobid' });
    await queue.retry({ state: 'SUCCEEDED' });
    expect((await runCli(['spawn', '-q', './chain', '--jobid', String(job)], { cwd })).code).toBe(0);
    expect(await queue.summary({ name: 'first' })).toMatchObject({ SUCCEEDED: 2 });
    expect(await queue.summary({ name: 'second' })).toMatchObject({ PENDING: 2 });
  });

  it('leaves the others to a later manager with --detach too', async () => {
    const { cwd, queue } = await chain();
    const words = ['spawn', '-q', './chain', '--name', 'first', '--detach'];
    expect((await runCli(words, { cwd })).code).toBe(0);
    await expect.poll(() => queue.counts({ state: 'SUCCEEDED' }), { timeout: 20_000 }).toBe(2);
    await expect.poll(async () => (await queue.managers()).length, { timeout: 20_000 }).toBe(0);
    expect(await queue.summary({ name: 'second' })).toMatchObject({ PENDING: 2 });
  });

  it('of several queues runs those that hold such tasks', async () => {
    const { cwd, queue } = await chain();
    const roots = openQueue(makeQueue(cwd, 'roots', [4]));
    const words = ['spawn', '-q', './chain', './roots', '--name', 'root'];
    const { code, err } = await runCli(words, { cwd });
    expect({ code, namesOther: err.includes('chain') }, err).toEqual({ code: 0, namesOther: false });
    expect(await roots.counts({ state: 'SUCCEEDED' })).toBe(1);
    expect(await queue.counts({ state: 'SUCCEEDED' })).toBe(0);
  });

  it('ends with 1 where nothing matches, an id means no task or several, and 2 for an unknown state', async () => {
    const { cwd } = await chain();
    const spawn = (...words: string[]) => runCli(['spawn', '-q', './chain', ...words], { cwd });
    const none = await spawn('--name', 'third', '--detach');
    expect(none).toMatchObject({ code: 1, out: '' });
    expect(none.err).toContain('there is no task that matches --name third in');
    const unknown = await spawn('--tid', 'ffffffffffffffff');
    expect(unknown.code).toBe(1);
    expect(unknown.err).toContain('No task has an id that begins with');
    const state = await spawn('--state', 'pendng');
    expect(state.code).toBe(2);
    expect(state.err).toContain('Did you mean "PENDING"?');
  });
});
