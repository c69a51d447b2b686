import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Queue, TaskManager } from 'tspipe';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeQueue, temporaryFolder } from './fixtures.ts';
import { openQueue } from './open-queue.ts';
import { runCli } from './run-cli.ts';

/** A queue of tasks that sleep for long, one at a time. */
async function makeSlowQueue(baseDir: string): Promise<Queue> {
  const queue = new Queue('slow', { baseDir });
  onTestFinished(() => queue.delete());
  const tm = new TaskManager({ queue, scheduler: { maxWorkers: 1 } });
  const wait = tm.bashApp(function wait(seconds: number) {
    return ['sleep', String(seconds)];
  });
  for (const seconds of [1001, 1002, 1003]) wait(seconds);
  await queue.flush();
  return queue;
}

describe('tspipe kill', () => {
  it('ends the running task only, and managers with --manager', async () => {
    const cwd = temporaryFolder();
    const queue = await makeSlowQueue(cwd);
    await runCli(['spawn', '-q', './slow', '--detach'], { cwd });
    await expect.poll(() => queue.counts({ state: 'RUNNING' }), { timeout: 20_000 }).toBe(1);
    expect((await runCli(['kill', '-q', './slow'], { cwd })).out).toBe('slow: 1 killed\n');
    expect(await queue.counts({ state: 'KILLED' })).toBe(1);
    await expect.poll(() => queue.counts({ state: 'RUNNING' }), { timeout: 20_000 }).toBe(1);
    const { code, out } = await runCli(['kill', '-q', './slow', '--manager'], { cwd });
    expect({ code, out }).toEqual({ code: 0, out: 'slow: 1 killed, managers told to end: 1\n' });
    await expect.poll(() => queue.managers(), { timeout: 20_000 }).toEqual([]);
    expect(await queue.summary()).toMatchObject({ KILLED: 2, PENDING: 1, RUNNING: 0 });
  });

  it('ends what has not started where it is told to', async () => {
    const cwd = temporaryFolder();
    const queue = openQueue(makeQueue(cwd, 'roots', [1, 4, 9]));
    const [first = ''] = await queue.tasks({ property: 'id' });
    const kill = (...words: string[]) => runCli(['kill', '-q', './roots', ...words], { cwd });
    expect((await kill('--state', 'pending', '--tid', first)).out).toBe('roots: 1 killed\n');
    expect((await kill('--state', 'pending', '--name', 'root')).out).toBe('roots: 2 killed\n');
    const none = await kill();
    expect(none).toMatchObject({ code: 1, out: '' });
    expect(none.err).toContain('no task that matches --state RUNNING');
  });

  it('ends jobs of a provider without a queue', async () => {
    const child = spawn('sleep', ['1000']);
    const ended = once(child, 'exit');
    const words = ['kill', '--provider', 'local', '--jobid', String(child.pid)];
    expect(await runCli(words)).toEqual({ code: 0, out: `${child.pid}: told to end\n`, err: '' });
    expect((await ended)[1]).toBe('SIGTERM');
    expect((await runCli(words)).code).toBe(1);
  });

  it.each([
    [['--name', 'fit'], "required option '-q, --queue <name...>'"],
    [['--provider', 'local'], '--provider needs --jobid'],
    [['--provider', 'locl', '--jobid', '1'], 'Did you mean "local"?'],
  ])('refuses %j with exit code 2', async (words, message) => {
    const { code, err } = await runCli(['kill', ...words]);
    expect({ code, says: err.includes(message) }).toEqual({ code: 2, says: true });
    expect(err).not.toMatch(/^ {4}at /m);
  });
});
