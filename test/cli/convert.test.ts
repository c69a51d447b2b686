import { describe, expect, it } from 'vitest';
import { makeQueue, temporaryFolder } from './fixtures.ts';
import { runCli } from './run-cli.ts';

describe('tspipe queues convert', () => {
  it('converts a queue, with its tasks', async () => {
    const cwd = temporaryFolder();
    const path = makeQueue(cwd, 'roots', [1, 2]);
    const converted = await runCli(['queues', 'convert', '-q', './roots', '--shared'], { cwd });
    expect(converted).toMatchObject({ code: 0, out: `${path} is now shared\n` });
    const shown = await runCli(['queues', '-q', './roots', '--json'], { cwd });
    expect(shown.out).toContain('"PENDING": 2');
    const again = await runCli(['queues', 'convert', '-q', './roots', '--shared'], { cwd });
    expect(again.out).toBe(`${path} is already shared\n`);
  });

  it('wants to know into what, and which', async () => {
    const cwd = temporaryFolder();
    makeQueue(cwd, 'roots', [1]);
    const { code, err } = await runCli(['queues', 'convert', '-q', './roots'], { cwd });
    expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining('--shared or --local') });
    const missing = await runCli(['queues', 'convert', '-q', './other', '--local'], { cwd });
    expect(missing.err).toContain('There is no queue');
  });
});
