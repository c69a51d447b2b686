import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { Queue, TaskManager } from 'tspipe';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeQueue, temporaryFolder } from './fixtures.ts';
import { BIN, runCli } from './run-cli.ts';

describe('tspipe queues', () => {
  it('shows the queue of a relative path with its counts', async () => {
    const cwd = temporaryFolder();
    makeQueue(cwd, 'roots', [1, 4, 9]);
    const { code, out, err } = await runCli(['queues', '-q', './roots'], { cwd });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toBe(`roots  ACTIVE  3 PENDING  no manager  ${join(cwd, 'roots.sqlite')}\n`);
  });

  it('gives one JSON document with stable names', async () => {
    const cwd = temporaryFolder();
    const path = makeQueue(cwd, 'roots', [1, 4]);
    const { code, out } = await runCli(['queues', '-q', './roots', '--json'], { cwd });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual([
      {
        name: 'roots',
        path,
        state: 'ACTIVE',
        size: 2,
        counts: {
          WAITING: 0,
          BLOCKED: 0,
          PENDING: 2,
          RUNNING: 0,
          SUCCEEDED: 0,
          FAILED: 0,
          KILLED: 0,
          UNKNOWN: 0,
          SUPERSEDED: 0,
        },
        manager: false,
        agents: 0,
      },
    ]);
  });

  it('says that agents work where no manager is alive', async () => {
    const cwd = temporaryFolder();
    const queue = new Queue('slow', { baseDir: cwd });
    onTestFinished(() => queue.delete());
    new TaskManager({ queue }).bashApp(function wait() {
      return ['sleep', '1000'];
    })();
    await queue.flush();
    const agent = spawn(process.execPath, [BIN, 'work', '-q', './slow'], { cwd, stdio: 'ignore' });
    onTestFinished(() => void agent.kill('SIGKILL'));
    await expect.poll(() => queue.counts({ state: 'RUNNING' }), { timeout: 20_000 }).toBe(1);
    const show = async (...words: string[]) =>
      (await runCli(['queues', '-q', './slow', ...words], { cwd })).out;
    expect(await show()).toMatch(/^slow {2}ACTIVE {2}1 RUNNING {2}1 agent, no manager {2}/);
    expect(JSON.parse(await show('--json'))).toMatchObject([{ manager: false, agents: 1 }]);
  });

  it('lists all queues of this user, and of globs those that match', async () => {
    const base = temporaryFolder();
    const own = join(base, userInfo().username);
    for (const name of ['sims/a', 'sims/b', 'fits']) makeQueue(own, name, [1]);
    makeQueue(join(base, 'bob'), 'his', [1]);
    const env = { TSPIPE_QUEUE_DIR: base };
    const names = async (...words: string[]): Promise<string[]> =>
      JSON.parse((await runCli(['queues', '--json', ...words], { env })).out).map(
        ({ name }: { name: string }) => name,
      );
    expect(await names()).toEqual(['fits', 'sims/a', 'sims/b']);
    expect(await names('-q', 'sims/*')).toEqual(['sims/a', 'sims/b']);
    expect(await names('-q', 'fits', 'sims/b', 'f*')).toEqual(['fits', 'sims/b']);
    expect(await names('-q', '@bob/his')).toEqual(['his']);
  });

  it('looks for no queues in node_modules, in hidden folders and in what belongs to queues', async () => {
    const base = temporaryFolder();
    const own = join(base, userInfo().username);
    const path = makeQueue(own, 'fits', [1]);
    for (const folder of ['node_modules/a', '.cache', 'sims/.b', 'fits.d', 'sims/node_modules'])
      cpSync(path, join(own, folder, 'copy.sqlite'));
    const env = { TSPIPE_QUEUE_DIR: base };
    const { code, out } = await runCli(['queues'], { env });
    expect({ code, lines: out.trimEnd().split('\n').length }).toEqual({ code: 0, lines: 1 });
    const matching = await runCli(['queues', '-q', './**/*'], { cwd: own });
    expect(matching.out).toContain('fits.sqlite');
    expect(matching.out).not.toContain('node_modules');
    const { err } = await runCli(['queues', '-q', './nope'], { cwd: own });
    expect(err).toContain('Known there: fits.');
  });

  it('says what to do where there is no queue yet', async () => {
    const base = temporaryFolder();
    const { code, out } = await runCli(['queues'], { env: { TSPIPE_QUEUE_DIR: base } });
    expect(code).toBe(0);
    expect(out).toContain("new Queue('name')");
    expect((await runCli(['queues', '--json'], { env: { TSPIPE_QUEUE_DIR: base } })).out).toBe('[]\n');
  });

  it('fails for a queue that is not there, suggests the nearest, and makes no file', async () => {
    const cwd = temporaryFolder();
    makeQueue(cwd, 'roots', [1]);
    const { code, out, err } = await runCli(['queues', '-q', './rots'], { cwd });
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('QUEUE_NOT_FOUND');
    expect(err).toContain('Did you mean "roots"?');
    expect(err).not.toMatch(/^ {4}at /m);
    expect((await runCli(['queues', '-q', './*', '--json'], { cwd })).out).not.toContain('rots"');
  });

  it('suggests ./ for a path that was given without', async () => {
    const cwd = temporaryFolder();
    makeQueue(cwd, 'sub/roots', [1]);
    const { code, err } = await runCli(['queues', '-q', 'sub/roots'], {
      cwd,
      env: { TSPIPE_QUEUE_DIR: temporaryFolder() },
    });
    expect(code).toBe(1);
    expect(err).toContain('Did you mean the path "./sub/roots"?');
  });

  it('fails for a glob that matches nothing', async () => {
    const { code, err } = await runCli(['queues', '-q', 'none*'], {
      env: { TSPIPE_QUEUE_DIR: temporaryFolder() },
    });
    expect(code).toBe(1);
    expect(err).toContain('No queue matches "none*"');
  });

  it('tells of a file that is no queue and shows the others', async () => {
    const base = temporaryFolder();
    const own = join(base, userInfo().username);
    mkdirSync(own);
    writeFileSync(join(own, 'broken.sqlite'), 'this is not a database at all');
    makeQueue(own, 'whole', [1]);
    const { code, out, err } = await runCli(['queues'], { env: { TSPIPE_QUEUE_DIR: base } });
    expect(code).toBe(1);
    expect(err).toContain('broken.sqlite');
    expect(out).toMatch(/^whole {2}ACTIVE/);
  });
});
