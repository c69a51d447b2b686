import { describe, expect, it } from 'vitest';
import { makeQueue, temporaryFolder } from './fixtures.ts';
import { openQueue } from './open-queue.ts';
import { runCli } from './run-cli.ts';

describe('tspipe pause and resume', () => {
  it('pauses queues and makes them active again', async () => {
    const cwd = temporaryFolder();
    const queues = ['a', 'b'].map((name) => openQueue(makeQueue(cwd, name, [1])));
    expect(await runCli(['pause', '-q', './*'], { cwd })).toEqual({
      code: 0,
      out: 'a is PAUSED\nb is PAUSED\n',
      err: '',
    });
    expect(await Promise.all(queues.map((queue) => queue.state()))).toEqual(['PAUSED', 'PAUSED']);
    expect(await runCli(['resume', '-q', './a'], { cwd })).toEqual({
      code: 0,
      out: 'a is ACTIVE\n',
      err: '',
    });
    expect(await Promise.all(queues.map((queue) => queue.state()))).toEqual(['ACTIVE', 'PAUSED']);
  });

  it('lets nothing start while a queue is paused', async () => {
    const cwd = temporaryFolder();
    const queue = openQueue(makeQueue(cwd, 'a', [1]));
    await runCli(['pause', '-q', './a'], { cwd });
    expect((await runCli(['spawn', '-q', './a'], { cwd })).code).toBe(1);
    expect(await queue.counts({ state: 'PENDING' })).toBe(1);
  });

  it.each(['--spawn', '--detach'])('with %s starts a manager when it resumes', async (word) => {
    const cwd = temporaryFolder();
    const queue = openQueue(makeQueue(cwd, 'a', [1, 4]));
    await runCli(['pause', '-q', './a'], { cwd });
    const { code, out } = await runCli(['resume', '-q', './a', word], { cwd });
    expect({ code, out }).toEqual({
      code: 0,
      out: `a is ACTIVE\na manager sees to ${queue.path} now\n`,
    });
    await expect.poll(() => queue.counts({ state: 'SUCCEEDED' }), { timeout: 20_000 }).toBe(2);
  });

  it.each(['pause', 'resume'])('%s wants a queue, and one that is there', async (command) => {
    expect((await runCli([command])).code).toBe(2);
    const { code, err } = await runCli([command, '-q', './none'], { cwd: temporaryFolder() });
    expect(code).toBe(1);
    expect(err).toContain('QUEUE_NOT_FOUND');
  });
});
