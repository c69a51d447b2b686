import { describe, expect, it } from 'vitest';
import { makeQueue, temporaryFolder } from './fixtures.ts';
import { runInTerminal } from './pseudo-terminal.ts';
import { runCli } from './run-cli.ts';
import { runQueue } from './run-tasks.ts';

describe('tspipe time', () => {
  it('shows a line for each app, of tasks that succeeded', async () => {
    const cwd = temporaryFolder();
    const path = await runQueue(cwd, 'roots', [1, 4, -9]);
    const { code, out } = await runCli(['time', '-q', './roots'], { cwd });
    expect(code).toBe(0);
    expect(out).toMatch(/^APP +TASKS +MEAN +DEVIATION +MEDIAN +MAXIMUM +TOTAL\nroot +2 +(\S+ m?s *){5}\n$/);
    const { out: json } = await runCli(['time', '-q', './roots', '--json', '--state', 'failed'], { cwd });
    const seconds = expect.any(Number);
    expect(JSON.parse(json)).toEqual([
      {
        name: 'root',
        queue: path,
        count: 1,
        mean: seconds,
        deviation: 0,
        median: seconds,
        maximum: seconds,
        total: seconds,
      },
    ]);
  });

  it('ends with 1 where no task has a time', async () => {
    const cwd = temporaryFolder();
    makeQueue(cwd, 'roots', [1]);
    const { code, out, err } = await runCli(['time', '-q', './roots', '--json'], { cwd });
    expect({ code, out }).toEqual({ code: 1, out: '[]\n' });
    expect(err).toContain('no task with a time that matches --state SUCCEEDED');
  });

  it('keeps within a terminal of 40 columns', async () => {
    const cwd = temporaryFolder();
    await runQueue(cwd, 'roots', [1, 4]);
    const { out } = await runInTerminal(['time', '-q', './roots'], { cwd, columns: 40 });
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(40);
  });
});
