import { readFileSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeQueue, temporaryFolder } from './fixtures.ts';
import { openQueue } from './open-queue.ts';
import { runCli } from './run-cli.ts';
import { runQueue } from './run-tasks.ts';

describe('tspipe retry', () => {
  it('makes tasks that failed due again, and leaves the others', async () => {
    const cwd = temporaryFolder();
    const queue = openQueue(await runQueue(cwd, 'roots', [1, -4, -9]));
    expect(await runCli(['retry', '-q', './roots'], { cwd })).toEqual({
      code: 0,
      out: 'roots: 2 to run again\n',
      err: '',
    });
    expect(await queue.summary()).toMatchObject({ SUCCEEDED: 1, PENDING: 2, FAILED: 0 });
  });

  it('takes other states, one task, and what requires it', async () => {
    const cwd = temporaryFolder();
    const queue = openQueue(await runQueue(cwd, 'roots', [1, -4]));
    const [done, failed] = await queue.tasks({ property: 'id' });
    await runCli(['retry', '-q', './roots', '--state', 'succeeded'], { cwd });
    expect(await queue.tasks({ state: 'PENDING', property: 'id' })).toEqual([done]);
    const word = failed?.slice(0, 12) ?? '';
    expect((await runCli(['retry', '-q', './roots', '--tid', word, '--downstream'], { cwd })).code).toBe(0);
    expect(await queue.counts({ state: 'PENDING' })).toBe(2);
  });

  it('runs them at once with --spawn', async () => {
    const cwd = temporaryFolder();
    const queue = openQueue(await runQueue(cwd, 'roots', [-4]));
    const { code, out } = await runCli(['retry', '-q', './roots', '--spawn'], { cwd });
    expect({ code, out: out.includes(queue.path) }).toEqual({ code: 0, out: true });
    const [tid = ''] = await queue.tasks({ property: 'id' });
    await expect.poll(async () => (await queue.task(tid)).attempts.length, { timeout: 20_000 }).toBe(2);
  });

  it('fails where nothing is to be retried, and for ids that mean no task or several', async () => {
    const cwd = temporaryFolder();
    makeQueue(
      cwd,
      'roots',
      Array.from({ length: 40 }, (_, index) => index),
    );
    const retry = (...words: string[]) => runCli(['retry', '-q', './roots', ...words], { cwd });
    const none = await retry();
    expect(none).toMatchObject({ code: 1, out: '' });
    expect(await retry('--name', 'nono')).toMatchObject({ code: 1, out: '' });
    expect(none.err).toContain('no ended task that matches --state FAILED KILLED UNKNOWN');
    expect((await retry('--tid', 'ffffffffffffffff')).err).toContain('No task has an id that begins with');
    // Of 40 ids some share their first digit.
    const words = [...'0123456789abcdef'].map((digit) => retry('--tid', digit));
    const texts = (await Promise.all(words)).map(({ err }) => err);
    expect(texts.some((text) => text.includes('Several tasks have an id that begins with'))).toBe(true);
  });

  it('says when the script holds newer code than the queue', async () => {
    const cwd = temporaryFolder();
    const script = join(cwd, 'script.ts');
    const tspipe = join(import.meta.dirname, '../../dist/index.js');
    writeFileSync(
      script,
      `import { Queue, spawn, TaskManager } from ${JSON.stringify(tspipe)};
const queue = new Queue('./q');
const fail = new TaskManager({ queue }).tsApp(function fail(x: number): number { throw new Error('no ' + x); });
fail(1);
await spawn(queue);
`,
    );
    execFileSync(process.execPath, ['--disable-warning=ExperimentalWarning', script], {
      cwd,
      stdio: 'ignore',
    });
    const queue = openQueue(join(cwd, 'q.sqlite'));
    const retry = async (): Promise<string> => (await runCli(['retry', '-q', './q'], { cwd })).err;
    expect(await retry()).toBe('');
    expect((await runCli(['spawn', '-q', './q'], { cwd })).code).toBe(1);
    writeFileSync(script, readFileSync(script, 'utf8').replace("'no ' + x", "'never ' + x"));
    expect(await retry()).toContain(`older code of fail than ${script}`);
    expect(await queue.counts({ state: 'PENDING' })).toBe(1);
  });
});
