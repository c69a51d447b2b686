import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeQueue, temporaryFolder } from './fixtures.ts';
import { BIN, runCli } from './run-cli.ts';

describe('the command line', () => {
  it('shows its version', async () => {
    const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'));
    expect(await runCli(['--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' });
  });

  it.each([[['--help']], [['help']]])('shows its help for %j', async (words) => {
    const { code, out, err } = await runCli(words);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('queues [options]');
  });

  it.each(['spawn', 'queues'])('shows the help of %s with an example', async (command) => {
    const { code, out } = await runCli([command, '--help']);
    expect(code).toBe(0);
    expect(out).toContain(`Example:\n  tspipe ${command} -q`);
  });

  it.each([
    [['quues'], '(Did you mean queues?)'],
    [['queues', '--jsno'], '(Did you mean --json?)'],
    [['spawn'], "required option '-q, --queue <name...>'"],
    [['spawn', '-q', 'a', '--max-workers', '0'], 'a whole number above 0'],
    [['spawn', '-q', 'a', '--timeout', 'soon'], 'a number of seconds above 0'],
    [['queues', '-q', 'a/../b'], 'QUEUE_NAME_INVALID'],
  ])('refuses %j with exit code 2', async (words, message) => {
    const { code, out, err } = await runCli(words);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(message);
    expect(err).not.toMatch(/^ {4}at /m);
  });

  it('refuses an unknown mode with exit code 2', async () => {
    const cwd = temporaryFolder();
    makeQueue(cwd, 'q', [1]);
    const { code, err } = await runCli(['spawn', '-q', './q', '--mode', 'stop_at_eror'], { cwd });
    expect(code).toBe(2);
    expect(err).toContain('Did you mean "stop_at_error"?');
  });

  it('shows the stack of an error with --debug only', async () => {
    const cwd = temporaryFolder();
    expect((await runCli(['queues', '-q', './none', '--debug'], { cwd })).err).toMatch(/^ {4}at /m);
  });

  it('ends quietly when nobody reads its output', async () => {
    const child = spawn(process.execPath, [BIN, '--help'], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    let err = '';
    child.stderr.on('data', (data: Buffer) => {
      err += data.toString();
    });
    const [code] = await once(child, 'close');
    expect({ code, err }).toEqual({ code: 0, err: '' });
  });
});
