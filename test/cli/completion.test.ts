import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { Queue } from 'tspipe';
import { describe, expect, it } from 'vitest';
import { makeQueue, temporaryFolder } from './fixtures.ts';
import { BIN, runCli } from './run-cli.ts';

async function complete(
  words: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv = {},
): Promise<string[]> {
  const { code, out, err } = await runCli(['complete', '--', ...words], { cwd, env });
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return out.split('\n').slice(0, -1);
}

describe('completion', () => {
  it('knows commands, options, states, modes and choices', async () => {
    const cwd = temporaryFolder();
    expect(await complete(['re'], cwd)).toEqual(['result', 'results', 'resume', 'retry', 'repl']);
    expect(await complete(['tasks', '--js'], cwd)).toEqual(['--json']);
    expect(await complete(['tasks', '--state', 'FAILED', 'KI'], cwd)).toEqual(['KILLED']);
    expect(await complete(['retry', '--state', 'ki'], cwd)).toEqual(['killed']);
    expect(await complete(['spawn', '--mode', 'no_s'], cwd)).toEqual(['no_stream']);
    expect(await complete(['tasks', '--property', 'e'], cwd)).toEqual(['errno', 'err']);
    expect(await complete(['config', 's'], cwd)).toEqual(['show', 'set']);
    expect(await complete(['completion', 'z'], cwd)).toEqual(['zsh']);
  });

  it('knows queues by name and by path, apps and tasks', async () => {
    const base = temporaryFolder();
    const own = join(base, userInfo().username);
    const path = makeQueue(own, 'sims/a', [1]);
    makeQueue(own, 'fits', [1]);
    const env = { TSPIPE_QUEUE_DIR: base };
    expect(await complete(['tasks', '-q', 's'], base, env)).toEqual(['sims/a']);
    expect(await complete(['tasks', '-q', './'], own, env)).toEqual(['./fits', './sims/']);
    expect(await complete(['tasks', '-q', 'sims/a', '--name', ''], base, env)).toEqual(['root']);
    const queue = new Queue(path);
    const ids = await queue.tasks({ property: 'id' });
    queue.close();
    expect(await complete(['result', '-q', 'sims/a', ''], base, env)).toEqual(ids);
    expect(await complete(['kill', '-q', 'sims/a', '--tid', ids[0]?.[0] ?? ''], base, env)).toEqual(ids);
  });

  it('offers nothing, and says nothing, where something is wrong', async () => {
    expect(await complete(['tasks', '-q', 'none', '--name', ''], temporaryFolder())).toEqual([]);
    expect(await complete(['nothing', '--x', 'y'], temporaryFolder())).toEqual([]);
  });

  it('works in bash', () => {
    const cwd = temporaryFolder();
    const bin = join(cwd, 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'tspipe'), `#!/bin/sh\nexec '${process.execPath}' '${BIN}' "$@"\n`, {
      mode: 0o755,
    });
    const script = `eval "$(tspipe completion bash)"
COMP_WORDS=(tspipe tasks --state suc); COMP_CWORD=3; _tspipe; echo "\${COMPREPLY[@]}"; complete -p tspipe`;
    const env = { ...process.env, PATH: `${bin}:${process.env.PATH}` };
    const out = execFileSync('bash', ['--norc', '-c', script], { cwd, env, encoding: 'utf8' });
    expect(out).toBe('succeeded\ncomplete -o default -F _tspipe tspipe\n');
  });

  it.each(['zsh', 'fish'])('prints a script for %s', async (shell) => {
    expect((await runCli(['completion', shell])).out).toContain('tspipe complete --');
  });

  it('refuses another shell', async () => {
    const { code, err } = await runCli(['completion', 'csh']);
    expect({ code, says: err.includes('bash, zsh, fish') }).toEqual({ code: 2, says: true });
  });
});
