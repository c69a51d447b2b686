import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { Queue } from 'tspipe';
import { describe, expect, it } from 'vitest';
import { makeQueue, temporaryFolder } from './fixtures.ts';
import { runCli } from './run-cli.ts';
import { completeInShell, isInstalled, withTspipe } from './shells.ts';

async function complete(
  words: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv = {},
): Promise<string[]> {
  const { code, out, err } = await runCli(['complete', '--', ...words], { cwd, env });
  expect({ code, err }).toEqual({ code: 0, err: '' });
  return out.split('\n').slice(0, -1);
}

/** Queues of this user and of bob below `base`. */
function makeQueues(base: string): { readonly own: string; readonly path: string } {
  const own = join(base, userInfo().username);
  const path = makeQueue(own, 'sims/a', [1, 4]);
  makeQueue(own, 'my runs', [1]);
  makeQueue(join(base, 'bob'), 'fits/x', [1]);
  return { own, path };
}

describe('completion', () => {
  it('knows commands, options, states, modes and choices', async () => {
    const cwd = temporaryFolder();
    expect(await complete(['re'], cwd)).toEqual(['result', 'results', 'resume', 'retry', 'repl']);
    expect(await complete(['help', 'que'], cwd)).toEqual(['queues']);
    expect(await complete(['tasks', '--js'], cwd)).toEqual(['--json']);
    expect(await complete(['tasks', '--state', 'FAILED', 'KI'], cwd)).toEqual(['KILLED']);
    expect(await complete(['retry', '--state', 'ki'], cwd)).toEqual(['killed']);
    expect(await complete(['retry', '--state', 'failed,ki'], cwd)).toEqual(['failed,killed']);
    expect(await complete(['spawn', '--mode', 'no_s'], cwd)).toEqual(['no_stream']);
    expect(await complete(['tasks', '--property', 'e'], cwd)).toEqual(['errno', 'err']);
    expect(await complete(['config', 's'], cwd)).toEqual(['show', 'set']);
    expect(await complete(['completion', 'z'], cwd)).toEqual(['zsh']);
  });

  it('knows queues by name and by path, apps and tasks', async () => {
    const base = temporaryFolder();
    const { own, path } = makeQueues(base);
    mkdirSync(join(own, '.hidden'));
    const env = { TSPIPE_QUEUE_DIR: base };
    expect(await complete(['tasks', '-q', ''], base, env)).toEqual(['my runs', 'sims/a']);
    expect(await complete(['tasks', '-q', 'my runs', 's'], base, env)).toEqual(['sims/a']);
    expect(await complete(['tasks', '-q', './'], own, env)).toEqual(['./my runs', './sims/']);
    expect(await complete(['tasks', '-q', './.h'], own, env)).toEqual(['./.hidden/']);
    expect(await complete(['tasks', '-q', '~/m'], base, { HOME: own })).toEqual(['~/my runs']);
    expect(await complete(['tasks', '-q', '.'], own, env)).toEqual(['./', '../']);
    expect(await complete(['tasks', '-q', 'sims/*', '--name', ''], base, env)).toEqual(['root']);
    const queue = new Queue(path);
    const ids = await queue.tasks({ property: 'id' });
    queue.close();
    expect(await complete(['result', '-q', 'sims/a', ''], base, env)).toEqual(['root[0]', 'root[1]']);
    expect(await complete(['result', '-q', 'sims/a', 'root[1'], base, env)).toEqual(['root[1]']);
    expect(await complete(['result', '-q', 'sims/a', ids[1]?.slice(0, 9) ?? ''], base, env)).toEqual([
      ids[1],
    ]);
    expect(await complete(['result', '-q', 'sims/a', 'root[1]', ''], base, env)).toEqual([]);
    expect(await complete(['kill', '-q', 'sims/a', '--tid', ''], base, env)).toEqual(ids);
  });

  it('knows the profiles of the configuration', async () => {
    const cwd = temporaryFolder();
    writeFileSync(join(cwd, 'tspipe.yaml'), 'profiles:\n  sims: {}\n  laptop: {}\n');
    expect(await complete(['repl', '--profile', ''], cwd)).toEqual(['sims', 'laptop']);
    expect(await complete(['config', 'show', '--profile=l'], cwd)).toEqual(['--profile=laptop']);
  });

  it('knows queues of others, where they may be read', async () => {
    const base = temporaryFolder();
    const { own } = makeQueues(base);
    mkdirSync(join(base, 'eve', 'closed'), { recursive: true });
    chmodSync(join(base, 'eve', 'closed'), 0);
    const env = { TSPIPE_QUEUE_DIR: base };
    expect(await complete(['tasks', '-q', '@'], base, env)).toEqual(
      ['@bob/', '@eve/', `@${own.slice(base.length + 1)}/`].sort(),
    );
    expect(await complete(['tasks', '-q', '@bob/f'], base, env)).toEqual(['@bob/fits/x']);
    expect(await complete(['tasks', '-q', '@bob/fits/x', '--name', 'r'], base, env)).toEqual(['root']);
    expect(await complete(['tasks', '-q', '@eve/'], base, env)).toEqual([]);
    chmodSync(join(base, 'eve', 'closed'), 0o700);
  });

  it('completes values that stand in the word of their option', async () => {
    const base = temporaryFolder();
    makeQueues(base);
    const env = { TSPIPE_QUEUE_DIR: base };
    expect(await complete(['tasks', '--queue=s'], base, env)).toEqual(['--queue=sims/a']);
    expect(await complete(['tasks', '-qs'], base, env)).toEqual(['-qsims/a']);
    expect(await complete(['tasks', '--queue=sims/a', '--name=r'], base, env)).toEqual(['--name=root']);
    expect(await complete(['tasks', '-qsims/a', '--state=ki'], base, env)).toEqual(['--state=killed']);
  });

  it('offers nothing, and says nothing, where something is wrong', async () => {
    expect(await complete(['tasks', '-q', 'none', '--name', ''], temporaryFolder())).toEqual([]);
    expect(await complete(['tasks', '-q', './none/'], temporaryFolder())).toEqual([]);
    expect(await complete(['nothing', '--x', 'y'], temporaryFolder())).toEqual([]);
    expect(await complete(['nothing', ''], temporaryFolder())).toEqual([]);
  });

  it('refuses another shell', async () => {
    const { code, err } = await runCli(['completion', 'csh']);
    expect({ code, says: err.includes('bash, zsh, fish') }).toEqual({ code: 2, says: true });
  });
});

// A name, because nobody needs to have it.
const FISH = 'fish';

const LINES = [
  ['tspipe ta', '<tasks><X>'],
  ['tspipe tasks --state suc', '<tasks><--state><succeeded><X>'],
  ['tspipe tasks -q si', '<tasks><-q><sims/a><X>'],
  ['tspipe tasks -q @b', '<tasks><-q><@bob/X>'],
  ['tspipe tasks -q @bob/f', '<tasks><-q><@bob/fits/x><X>'],
  ['tspipe tasks --queue=@bob/f', '<tasks><--queue=@bob/fits/x><X>'],
  ['tspipe tasks -q my', '<tasks><-q><my runs><X>'],
  ["tspipe tasks -q 'my", '<tasks><-q><my runs><X>'],
  ["tspipe tasks -q 'sims/*' --name=r", '<tasks><-q><sims/*><--name=root><X>'],
  ['tspipe result -q my\\ runs r', '<result><-q><my runs><root[0]><X>'],
] as const;

describe('completion in shells', () => {
  for (const shell of ['bash', 'zsh'] as const) {
    const title = `works in an interactive ${shell}${shell === 'bash' ? '' : ', where it is installed'}`;
    it.skipIf(!isInstalled(shell))(title, { timeout: 60_000 }, async () => {
      const cwd = temporaryFolder();
      makeQueues(cwd);
      const env = { ...withTspipe(cwd), TSPIPE_QUEUE_DIR: cwd };
      const typed = LINES.map(([line]) => line);
      expect(await completeInShell(shell, typed, { cwd, env })).toEqual(LINES.map(([, words]) => words));
    });
  }

  it.skipIf(!isInstalled(FISH))('works in fish, where it is installed', () => {
    const cwd = temporaryFolder();
    makeQueues(cwd);
    const env = { ...process.env, ...withTspipe(cwd), TSPIPE_QUEUE_DIR: cwd, HOME: cwd };
    const offers = (line: string): string[] =>
      execFileSync(
        FISH,
        ['--no-config', '-c', 'tspipe completion fish | source; complete -C $argv[1]', line],
        {
          cwd,
          env,
          encoding: 'utf8',
        },
      )
        .split('\n')
        .slice(0, -1);
    expect(offers('tspipe ta')).toEqual(['tasks']);
    expect(offers('tspipe tasks -q ')).toEqual(['my runs', 'sims/a']);
    expect(offers('tspipe tasks -q @b')).toEqual(['@bob/']);
    expect(offers("tspipe tasks -q 'my")).toEqual(['my runs']);
    expect(offers('tspipe tasks --queue=@bob/f')).toEqual(['--queue=@bob/fits/x']);
    expect(offers("tspipe tasks -q 'sims/*' --name r")).toEqual(['root']);
    expect(offers('tspipe result -q my\\ runs r')).toEqual(['root[0]']);
  });
});
