import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Queue, TaskManager } from 'tspipe';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeQueue, temporaryFolder } from './fixtures.ts';
import { openQueue } from './open-queue.ts';
import { BIN, runCli } from './run-cli.ts';

describe('tspipe work', () => {
  it('works on the tasks of all task managers until there is nothing to do', async () => {
    const cwd = temporaryFolder();
    const queue = new Queue('chain', { baseDir: cwd });
    onTestFinished(() => queue.delete());
    const tm = new TaskManager({ queue, scheduler: { maxWorkers: 2 } });
    const double = tm.tsApp(function double(x: number) {
      return 2 * x;
    });
    const sum = tm.clone({ scheduler: { maxWorkers: 1 } }).tsApp(function sum(list: number[]) {
      return list.reduce((a, b) => a + b, 0);
    });
    const total = sum([1, 2, 3].map((x) => double(x)));
    await queue.flush();
    const { code, err } = await runCli(['work', '-q', './chain'], { cwd });
    expect({ code, err }).toEqual({
      code: 0,
      err: 'tspipe: the agent has ended; in its time: 4 SUCCEEDED\n',
    });
    expect(await total.result()).toBe(12);
  });

  it('ends with 1 when tasks did not succeed, and leaves those of other task managers', async () => {
    const cwd = temporaryFolder();
    const queue = openQueue(makeQueue(cwd, 'roots', [1, -4]));
    const [mid = ''] = await queue.tasks({ property: 'mid' });
    const other = await runCli(['work', '-q', './roots', '--mid', 'other'], { cwd });
    expect(other).toMatchObject({ code: 0, err: expect.stringContaining('in its time: nothing') });
    const { code } = await runCli(['work', '-q', './roots', '--mid', mid, '--max-workers', '1'], { cwd });
    expect(code).toBe(1);
    expect(await queue.summary()).toMatchObject({ SUCCEEDED: 1, FAILED: 1 });
  });

  it('ends after the running tasks with Ctrl-C', async () => {
    const cwd = temporaryFolder();
    const queue = new Queue('slow', { baseDir: cwd });
    onTestFinished(() => queue.delete());
    const wait = new TaskManager({ queue, scheduler: { maxWorkers: 1 } }).bashApp(function wait(
      index: number,
    ) {
      return ['sleep', `0.${index + 5}`];
    });
    for (let index = 0; index < 4; index++) wait(index);
    await queue.flush();
    const child = spawn(process.execPath, [BIN, 'work', '-q', './slow'], { cwd, stdio: 'ignore' });
    onTestFinished(() => void child.kill('SIGKILL'));
    await expect.poll(() => queue.counts({ state: 'RUNNING' }), { timeout: 20_000 }).toBeGreaterThan(0);
    child.kill('SIGINT');
    const [code] = await once(child, 'exit');
    expect(code).toBe(130);
    const { SUCCEEDED, PENDING } = await queue.summary();
    expect(SUCCEEDED + PENDING).toBe(4);
    expect(PENDING).toBeGreaterThan(0);
  });

  it('starts nothing more after its timeout', async () => {
    const cwd = temporaryFolder();
    const queue = new Queue('slow', { baseDir: cwd });
    onTestFinished(() => queue.delete());
    const wait = new TaskManager({ queue, scheduler: { maxWorkers: 1 } }).bashApp(function wait(
      index: number,
    ) {
      return ['sleep', `0.${index + 5}`];
    });
    for (let index = 0; index < 4; index++) wait(index);
    await queue.flush();
    expect((await runCli(['work', '-q', './slow', '--timeout', '0.6'], { cwd })).code).toBe(0);
    expect(await queue.counts({ state: 'PENDING' })).toBeGreaterThan(0);
    expect(await queue.counts({ state: 'RUNNING' })).toBe(0);
  });

  it('refuses a glob that means several queues, and a queue that is not there', async () => {
    const cwd = temporaryFolder();
    for (const name of ['a', 'b']) makeQueue(cwd, name, [1]);
    expect((await runCli(['work', '-q', './*'], { cwd })).code).toBe(2);
    expect((await runCli(['work', '-q', './none'], { cwd })).code).toBe(1);
  });
});
