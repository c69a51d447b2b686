import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { Queue, TaskManager } from 'tspipe';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeQueue, temporaryFolder } from './fixtures.ts';
import { BIN, runCli } from './run-cli.ts';

describe('tspipe spawn', () => {
  it('runs what a script left in a queue, and ends with 0', async () => {
    const cwd = temporaryFolder();
    makeQueue(cwd, 'roots', [1, 4, 9]);
    const { code, err } = await runCli(
      ['spawn', '-q', './roots', '--timestep', '0.5', '--max-workers', '1'],
      {
        cwd,
      },
    );
    expect(code).toBe(0);
    expect(err).toContain('3 SUCCEEDED');
  });

  it('writes no colours where there is no terminal, a CI included', async () => {
    const cwd = temporaryFolder();
    makeQueue(cwd, 'roots', [1]);
    const { err } = await runCli(['spawn', '-q', './roots'], { cwd, env: { CI: 'true' } });
    expect(err).toContain('1 SUCCEEDED');
    expect(err).not.toContain('\x1b');
  });

  it('ends with 1 when a task of this run did not succeed', async () => {
    const cwd = temporaryFolder();
    makeQueue(cwd, 'roots', [1, -4]);
    const { code, err } = await runCli(['spawn', '-q', './roots'], { cwd });
    expect(code).toBe(1);
    expect(err).toContain('1 FAILED');
  });

  it('runs several queues side by side', async () => {
    const cwd = temporaryFolder();
    makeQueue(cwd, 'one', [1]);
    makeQueue(cwd, 'two', [4, 9]);
    expect((await runCli(['spawn', '-q', './one', './two'], { cwd })).code).toBe(0);
    const { out } = await runCli(['queues', '-q', './one', './two', '--json'], { cwd });
    expect(JSON.parse(out).map(({ counts }: { counts: object }) => counts)).toMatchObject([
      { SUCCEEDED: 1 },
      { SUCCEEDED: 2 },
    ]);
  });

  it.each(['--detach', '--spawn'])('with %s leaves the work to a manager and ends at once', async (word) => {
    const cwd = temporaryFolder();
    const path = makeQueue(cwd, 'roots', [1, 4]);
    const { code, err } = await runCli(['spawn', '-q', './roots', word], { cwd });
    expect({ code, out: err.includes(path) }).toEqual({ code: 0, out: true });
    const queue = new Queue('roots', { baseDir: cwd, create: false });
    onTestFinished(() => queue.delete());
    await expect.poll(() => queue.counts({ state: 'SUCCEEDED' }), { timeout: 20_000 }).toBe(2);
  });

  it('fails for a queue that is not there', async () => {
    const cwd = temporaryFolder();
    const { code, err } = await runCli(['spawn', '-q', './nothing'], { cwd });
    expect(code).toBe(1);
    expect(err).toContain('QUEUE_NOT_FOUND');
    expect(existsSync(`${cwd}/nothing.sqlite`)).toBe(false);
  });

  it('ends with 130 after Ctrl-C, when the current tasks are done', async () => {
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
    const child = spawn(process.execPath, [BIN, 'spawn', '-q', './slow'], {
      cwd,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let err = '';
    child.stderr.on('data', (data: Buffer) => {
      err += data.toString();
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    await expect.poll(() => queue.counts({ state: 'RUNNING' }), { timeout: 20_000 }).toBe(1);
    child.kill('SIGINT');
    const [code] = await once(child, 'close');
    expect(code).toBe(130);
    expect(err.trimEnd().split('\n').at(-1)).toMatch(/^tspipe slow: interrupted · /);
    const { SUCCEEDED, PENDING } = await queue.summary();
    expect(SUCCEEDED + PENDING).toBe(4);
    expect(PENDING).toBeGreaterThan(0);
  });
});
