import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { makeQueue, temporaryFolder } from './fixtures.ts';
import { runInTerminal } from './pseudo-terminal.ts';
import { runCli } from './run-cli.ts';

describe('tspipe delete', () => {
  it('only lists where nobody can be asked', async () => {
    const cwd = temporaryFolder();
    const path = makeQueue(cwd, 'roots', [1]);
    const { code, out, err } = await runCli(['delete', '-q', './roots'], { cwd });
    expect({ code, out: out.includes(path) }).toEqual({ code: 1, out: true });
    expect(err).toContain('use --force');
    expect(existsSync(path)).toBe(true);
  });

  it('deletes several queues with --force', async () => {
    const cwd = temporaryFolder();
    const paths = ['a', 'b'].map((name) => makeQueue(cwd, name, [1]));
    const kept = makeQueue(cwd, 'kept', [1]);
    const { code, out } = await runCli(['delete', '-q', './a', './b', '--force'], { cwd });
    expect(code).toBe(0);
    for (const path of paths) expect(out).toContain(`${path} is deleted\n`);
    expect([...paths, kept].map((path) => existsSync(path))).toEqual([false, false, true]);
  });

  it.each([
    ['y\n', 0, false],
    ['n\n', 1, true],
    ['\n', 1, true],
    ['\u0003', 130, true],
    ['\u0004', 1, true],
  ])(
    'asks on a terminal; after %j it ends with %i, and the queue is there: %s',
    async (input, code, isThere) => {
      const cwd = temporaryFolder();
      const path = makeQueue(cwd, 'roots', [1]);
      const result = await runInTerminal(['delete', '-q', './roots'], { cwd, input, prompt: '[y/N]' });
      expect(result.out).toContain('Delete this queue');
      expect(result.out).not.toContain('not foreseen');
      expect({ code: result.code, isThere: existsSync(path) }).toEqual({ code, isThere });
    },
  );
});
