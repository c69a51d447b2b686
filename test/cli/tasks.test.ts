import { spawn as start } from 'node:child_process';
import { once } from 'node:events';
import { spawn, TaskManager } from 'tspipe';
import { describe, expect, it } from 'vitest';
import { makeQueue, temporaryFolder } from './fixtures.ts';
import { openQueue } from './open-queue.ts';
import { runInTerminal } from './pseudo-terminal.ts';
import { BIN, runCli } from './run-cli.ts';
import { runQueue } from './run-tasks.ts';

describe('tspipe tasks', () => {
  it('shows a line for each task, in the order they were added', async () => {
    const cwd = temporaryFolder();
    await runQueue(cwd, 'roots', [1, -4]);
    const { code, out, err } = await runCli(['tasks', '-q', './roots'], { cwd });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const [header, first, second, ...rest] = out.split('\n');
    expect(header).toMatch(/^STATE +TASK +ID +TIME +JOB$/);
    expect(first).toMatch(/^SUCCEEDED {2}root\[0\] {2}[0-9a-f]{16} {2}\S+ m?s +\d+$/);
    expect(second).toMatch(/^FAILED {5}root\[1\] {2}[0-9a-f]{16} {2}\S+ m?s +\d+$/);
    expect(rest).toEqual(['']);
  });

  it('gives one JSON document with stable names', async () => {
    const cwd = temporaryFolder();
    const path = await runQueue(cwd, 'roots', [1, -4]);
    const { code, out } = await runCli(['tasks', '-q', './roots', '--json'], { cwd });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f]{16}$/),
        name: 'root',
        index: 0,
        state: 'SUCCEEDED',
        queue: path,
        mid: expect.any(String),
        due: null,
        attempts: 1,
        t0: expect.stringMatching(/^\d{4}-.*Z$/),
        seconds: expect.any(Number),
        errno: null,
        signal: null,
        jobid: expect.stringMatching(/^\d+$/),
        host: expect.any(String),
      },
      expect.objectContaining({ index: 1, state: 'FAILED' }),
    ]);
  });

  it('shows how long a task waits out its delay yet', async () => {
    const cwd = temporaryFolder();
    const queue = openQueue(makeQueue(cwd, 'later', []));
    const later = new TaskManager({ queue }).tsApp({ retries: 1, retryDelaySeconds: 3000 })(function later() {
      throw new Error('not now');
    });
    const future = later();
    const run = spawn(queue, { mode: 'no_stream', timeout: 20 });
    await expect.poll(async () => (await future.task()).due, { timeout: 20_000 }).not.toBeNull();
    expect((await runCli(['tasks', '-q', './later'], { cwd })).out).toMatch(/PENDING in (49|5\d min|1 h)/);
    const { out } = await runCli(['tasks', '-q', './later', '--json'], { cwd });
    expect(JSON.parse(out)[0]).toMatchObject({ state: 'PENDING', due: expect.stringMatching(/Z$/) });
    await queue.kill({ state: 'PENDING' });
    expect(await run).toMatchObject({ stopped: 'done', failed: 1 });
  });

  it('takes several states in any case, also with commas', async () => {
    const cwd = temporaryFolder();
    await runQueue(cwd, 'roots', [1, -4]);
    const states = async (...words: string[]): Promise<string[]> =>
      JSON.parse((await runCli(['tasks', '-q', './roots', '--json', '--state', ...words], { cwd })).out).map(
        ({ state }: { state: string }) => state,
      );
    expect(await states('failed')).toEqual(['FAILED']);
    expect(await states('Failed', 'SUCCEEDED')).toEqual(['SUCCEEDED', 'FAILED']);
    expect(await states('failed,pending')).toEqual(['FAILED']);
  });

  it('finds tasks by the beginning of the id, by app and by job', async () => {
    const cwd = temporaryFolder();
    await runQueue(cwd, 'roots', [1, 4]);
    const list = async (...words: string[]): Promise<{ id: string; jobid: string }[]> =>
      JSON.parse((await runCli(['tasks', '-q', './roots', '--json', ...words], { cwd })).out);
    const [first] = await list();
    expect(await list('--tid', first?.id.slice(0, 8).toUpperCase() ?? '')).toEqual([first]);
    expect(await list('--name', 'root', 'other')).toHaveLength(2);
    expect(await list('--jobid', first?.jobid ?? '')).toHaveLength(2);
    expect(await list('--jobid', 'none')).toEqual([]);
  });

  it('shows properties alone: numbers a line each, texts under a title', async () => {
    const cwd = temporaryFolder();
    await runQueue(cwd, 'roots', [1, -4]);
    const show = async (...words: string[]): Promise<string> =>
      (await runCli(['tasks', '-q', './roots', ...words], { cwd })).out;
    expect(await show('--property', 'jobid')).toMatch(/^(\d+)\n\1\n$/);
    const text = await show('--state', 'failed', '--property', 'err');
    expect(text).toMatch(/^==> err of root\[1\] [0-9a-f]{16} FAILED <==\n/);
    expect(text).toContain('RangeError: no root of -4');
    const [task] = JSON.parse(await show('--state', 'failed', '--property', 'err', 'out', '--json'));
    expect(task).toMatchObject({ out: '', err: expect.stringContaining('no root of -4') });
  });

  it('ends with 1 where nothing matches, and still gives a document', async () => {
    const cwd = temporaryFolder();
    const path = makeQueue(cwd, 'roots', [1]);
    const { code, out, err } = await runCli(['tasks', '-q', './roots', '--state', 'killed', '--json'], {
      cwd,
    });
    expect({ code, out }).toEqual({ code: 1, out: '[]\n' });
    expect(err).toContain(`no task that matches --state KILLED in ${path}`);
  });

  it.each([
    [['--state', 'faild'], 'Did you mean "FAILED"?'],
    [['--tid', 'xyz'], 'the beginning of a task id'],
    [['--property', 'error'], 'Allowed choices are jobid, errno, err, out.'],
    [['--stat', 'FAILED'], '(Did you mean --state?)'],
  ])('refuses %j with exit code 2', async (words, message) => {
    const { code, err } = await runCli(['tasks', '-q', './roots', ...words], { cwd: temporaryFolder() });
    expect(code).toBe(2);
    expect(err).toContain(message);
  });

  it('says in its help which tasks are meant without options', async () => {
    const help = async (command: string): Promise<string> => (await runCli([command, '--help'])).out;
    expect(await help('tasks')).toContain('(default: all)');
    expect((await help('retry')).replaceAll(/\s+/g, ' ')).toContain('(default: FAILED, KILLED and UNKNOWN)');
  });

  it('works without a home directory', async () => {
    const cwd = temporaryFolder();
    makeQueue(cwd, 'roots', [1]);
    const env = { HOME: undefined, TSPIPE_QUEUE_DIR: undefined };
    const { code, err } = await runCli(['tasks', '-q', './roots'], { cwd, env });
    expect({ code, err }).toEqual({ code: 0, err: '' });
  });

  it('keeps within a terminal of 40 columns', async () => {
    const cwd = temporaryFolder();
    await runQueue(cwd, 'roots', [1, -4]);
    const { code, out } = await runInTerminal(['tasks', '-q', './roots'], { cwd, columns: 40 });
    expect(code).toBe(0);
    const lines = out.trimEnd().split('\n');
    expect(lines).toHaveLength(3);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(40);
    expect(lines[1]).toMatch(/^SUCCE\S* +root\[0\]/);
  });

  it('streams many tasks, and ends quietly when nobody reads on', async () => {
    const cwd = temporaryFolder();
    makeQueue(
      cwd,
      'roots',
      Array.from({ length: 3000 }, (_, index) => index),
    );
    const { out } = await runCli(['tasks', '-q', './roots', '--json'], { cwd });
    expect(JSON.parse(out)).toHaveLength(3000);
    const child = start(process.execPath, [BIN, 'tasks', '-q', './roots'], {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let err = '';
    child.stderr.on('data', (data: Buffer) => {
      err += data.toString();
    });
    await once(child.stdout, 'data');
    child.stdout.destroy();
    const [code] = await once(child, 'close');
    expect({ code, err }).toEqual({ code: 0, err: '' });
  });

  it('names each queue where there are several', async () => {
    const cwd = temporaryFolder();
    const paths = [makeQueue(cwd, 'a', [1]), makeQueue(cwd, 'b', [1])];
    const { out } = await runCli(['tasks', '-q', './a', './b'], { cwd });
    expect(out.split('\n').filter((line) => line.endsWith('.sqlite'))).toEqual(paths);
  });
});
