import { userInfo } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { makeQueue, temporaryFolder } from './fixtures.ts';
import { runInTerminal } from './pseudo-terminal.ts';
import { runCli } from './run-cli.ts';

describe('tspipe alone', () => {
  it('says what it is, shows the queues of this user, and five commands', async () => {
    const base = temporaryFolder();
    makeQueue(join(base, userInfo().username), 'sims/a', [1, 4]);
    const { code, out, err } = await runCli([], { env: { TSPIPE_QUEUE_DIR: base } });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^tspipe runs the tasks/);
    expect(out).toMatch(/^sims\/a {2}ACTIVE {2}2 PENDING/m);
    expect(out.match(/^ {2}tspipe [a-z]+ -q NAME/gm)).toHaveLength(5);
    expect(out).toContain('tspipe --help');
  });

  it('names only commands that there are', async () => {
    const { out } = await runCli([], { env: { TSPIPE_QUEUE_DIR: temporaryFolder() } });
    const { out: help } = await runCli(['--help']);
    for (const [, name] of out.matchAll(/^ {2}tspipe ([a-z]+)/gm)) expect(help).toContain(`  ${name} `);
  });

  it('says how a queue is made where there is none', async () => {
    const { code, out } = await runCli([], { env: { TSPIPE_QUEUE_DIR: temporaryFolder() } });
    expect(code).toBe(0);
    expect(out).toContain("new Queue('name')");
  });

  it('has colour on a terminal, and none with NO_COLOR or in a pipe', async () => {
    const cwd = temporaryFolder();
    makeQueue(cwd, 'roots', [1]);
    const words = ['queues', '-q', './roots'];
    const isColoured = (text: string): boolean => stripVTControlCharacters(text) !== text;
    const onTerminal = async (env: NodeJS.ProcessEnv): Promise<boolean> =>
      isColoured((await runInTerminal(words, { cwd, env: { TERM: 'xterm', ...env } })).out);
    expect(await onTerminal({ NO_COLOR: undefined })).toBe(true);
    expect(await onTerminal({ NO_COLOR: '1' })).toBe(false);
    expect(isColoured((await runCli(words, { cwd, env: { NO_COLOR: undefined } })).out)).toBe(false);
  });

  it('keeps the table of queues within a terminal of 40 columns', async () => {
    const cwd = temporaryFolder();
    makeQueue(cwd, 'roots', [1]);
    const { code, out } = await runInTerminal(['queues', '-q', './roots'], { cwd, columns: 40 });
    expect(code).toBe(0);
    const lines = stripVTControlCharacters(out).trimEnd().split('\n');
    expect(lines).toHaveLength(1);
    expect(lines[0]?.length).toBeLessThanOrEqual(40);
    expect(lines[0]).toMatch(/^roots {2}ACTIVE/);
  });
});
