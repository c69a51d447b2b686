import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, mkdirSync, readdirSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeProgram } from '../../src/cli/program.ts';
import { temporaryFolder } from './fixtures.ts';
import { runInTerminal } from './pseudo-terminal.ts';
import { BIN, type CliResult, runCli } from './run-cli.ts';
import { runQueue } from './run-tasks.ts';

/** Words for every command, on a queue with one task that succeeded and one that failed. */
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  spawn: ['spawn', '-q', './roots'],
  queues: ['queues', '-q', './roots'],
  tasks: ['tasks', '-q', './roots'],
  time: ['time', '-q', './roots'],
  result: ['result', '-q', './roots', 'root[0]'],
  results: ['results', '-q', './roots', '--name', 'root'],
  pause: ['pause', '-q', './roots'],
  resume: ['resume', '-q', './roots'],
  retry: ['retry', '-q', './roots'],
  kill: ['kill', '-q', './roots', '--state', 'failed', 'running'],
  delete: ['delete', '-q', './roots', '--force'],
  check: ['check', '-q', './roots'],
  work: ['work', '-q', './roots'],
  repl: ['repl', '-q', './roots'],
  config: ['config', 'show'],
  completion: ['completion', 'bash'],
};
const ON_QUEUES = Object.keys(COMMANDS).filter((name) => COMMANDS[name]?.includes('-q'));
// What these show is cut; scripts for shells, values and prompts are not.
const LISTINGS = ['queues', 'tasks', 'time', 'results'];
const LOOKING = new Set([...LISTINGS, 'result', 'check', 'repl']);
// There is nothing that could be killed.
const FAILING = new Set(['kill']);

interface Place {
  readonly words: readonly string[];
  readonly cwd: string;
}

/** For each of these commands a folder of its own with a copy of the queue in it. */
async function places(names: readonly string[]): Promise<Map<string, Place>> {
  const folder = realpathSync(temporaryFolder());
  const path = await runQueue(join(folder, 'first'), 'roots', [1, -4]);
  return new Map(
    names.map((name) => {
      const cwd = join(folder, name);
      cpSync(path, join(cwd, 'roots.sqlite'), { recursive: true });
      return [name, { words: COMMANDS[name] ?? [], cwd }];
    }),
  );
}

async function resultsOf(
  names: readonly string[],
  run: (place: Place) => Promise<CliResult>,
): Promise<Map<string, CliResult>> {
  const results = new Map<string, CliResult>();
  for (const [name, place] of await places(names)) results.set(name, await run(place));
  return results;
}

const codesOf = (results: ReadonlyMap<string, CliResult>) =>
  Object.fromEntries([...results].map(([name, { code }]) => [name, code]));
const codes = (names: readonly string[], codeOf: (name: string) => number) =>
  Object.fromEntries(names.map((name) => [name, codeOf(name)]));
const usual = (names: readonly string[]) => codes(names, (name) => (FAILING.has(name) ? 1 : 0));

describe('every command', { timeout: 60_000 }, () => {
  it('is in this table', () => {
    expect(Object.keys(COMMANDS).sort()).toEqual(
      makeProgram()
        .commands.map((command) => command.name())
        .filter((name) => name !== 'complete')
        .sort(),
    );
  });

  it('writes no escape codes where there is no terminal', async () => {
    const names = Object.keys(COMMANDS);
    const results = await resultsOf(names, ({ words, cwd }) =>
      runCli(words, { cwd, env: { TERM: 'xterm', NO_COLOR: undefined, FORCE_COLOR: undefined } }),
    );
    expect(codesOf(results)).toEqual(usual(names));
    for (const { out, err } of results.values()) expect(out + err).not.toContain('\x1b');
  });

  it('writes no colours on a terminal with NO_COLOR', async () => {
    const names = Object.keys(COMMANDS).filter((name) => name !== 'repl');
    const results = await resultsOf(names, async ({ words, cwd }) => ({
      ...(await runInTerminal(words, { cwd, env: { TERM: 'xterm', NO_COLOR: '1' } })),
      err: '',
    }));
    expect(codesOf(results)).toEqual(usual(names));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the codes of colours begin with one.
    for (const { out } of results.values()) expect(out).not.toMatch(/\x1b\[[\d;]*m/);
  });

  it('that lists keeps within a terminal of 40 columns', async () => {
    const results = await resultsOf(LISTINGS, async ({ words, cwd }) => ({
      ...(await runInTerminal(words, { cwd, columns: 40 })),
      err: '',
    }));
    expect(codesOf(results)).toEqual(usual(LISTINGS));
    const lines = [...results.values()].flatMap(({ out }) => stripVTControlCharacters(out).split('\n'));
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(40);
  });

  it('ends quietly when nobody reads its output', async () => {
    const results = await resultsOf(Object.keys(COMMANDS), async ({ words, cwd }) => {
      const child = spawn(process.execPath, [BIN, ...words], { cwd });
      child.stdin.end();
      child.stdout.destroy();
      let err = '';
      child.stderr.on('data', (data: Buffer) => {
        err += data.toString();
      });
      const [code] = await once(child, 'close');
      return { code, out: '', err };
    });
    expect(codesOf(results)).toEqual(usual(Object.keys(COMMANDS)));
    for (const { err } of results.values()) expect(err).not.toMatch(/EPIPE|^ {4}at /m);
  });

  it('works without a home directory', async () => {
    const names = Object.keys(COMMANDS);
    for (const HOME of [undefined, '/dev/null/home']) {
      const results = await resultsOf(names, ({ words, cwd }) =>
        runCli(words, { cwd, env: { HOME, TSPIPE_QUEUE_DIR: undefined, TSPIPE_CONFIG_DIR: undefined } }),
      );
      expect(codesOf(results)).toEqual(usual(names));
    }
  });

  it('on queues ends with 1 for a glob that matches nothing', async () => {
    const cwd = temporaryFolder();
    for (const name of ON_QUEUES) {
      const words = (COMMANDS[name] ?? []).map((word) => (word === './roots' ? './none*' : word));
      const { code, out, err } = await runCli(words, { cwd });
      expect({ name, code, out }).toEqual({ name, code: 1, out: '' });
      expect(err).toMatch(/^tspipe: QUEUE_NOT_FOUND: .*"\.\/none\*".*\n$/);
    }
    expect(readdirSync(cwd)).toEqual([]);
  });
});

/** Runs `tspipe` as nobody, who owns nothing. */
function runAsNobody({ words, cwd }: Place): Promise<CliResult> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [BIN, ...words],
      { cwd, uid: 65534, gid: 65534, env: { PATH: process.env.PATH } },
      (_error, out, err) => resolve({ code: child.exitCode, out, err }),
    );
    child.stdin?.end();
  });
}

async function canBeNobody(): Promise<boolean> {
  if (process.getuid?.() !== 0) return false;
  try {
    return (await runAsNobody({ words: ['--version'], cwd: tmpdir() })).code === 0;
  } catch {
    // The program, or its folder, is for its owner only.
    return false;
  }
}

describe.skipIf(!(await canBeNobody()))(
  'another user (run as root, with a program that all may read)',
  () => {
    it('may look at a queue that he can read, and is told by every other command that it is not his', async () => {
      const folder = temporaryFolder();
      const path = await runQueue(folder, 'roots', [1, -4]);
      chmodSync(folder, 0o755);
      chmodSync(path, 0o644);
      for (const name of ON_QUEUES) {
        const { code, out, err } = await runAsNobody({ words: COMMANDS[name] ?? [], cwd: folder });
        if (LOOKING.has(name)) {
          expect({ name, code, err }).toEqual({ name, code: 0, err: '' });
          continue;
        }
        expect({ name, code, out }).toEqual({ name, code: 1, out: '' });
        expect(err).toMatch(/^tspipe: QUEUE_READ_ONLY: \S+roots\.sqlite belongs to .*\n$/);
      }
      const { out } = await runCli(['queues', '-q', './roots'], { cwd: folder });
      expect(out).toMatch(/^roots {2}ACTIVE {2}1 SUCCEEDED, 1 FAILED/);
    });

    it('sees by name those queues of others that he may use', async () => {
      const base = temporaryFolder();
      chmodSync(base, 0o755);
      const path = await runQueue(join(base, 'bob'), 'open', [1]);
      mkdirSync(join(base, 'bob', 'closed'), { mode: 0o700 });
      chmodSync(join(base, 'bob'), 0o777);
      chmodSync(path, 0o666);
      onTestFinished(() => chmodSync(join(base, 'bob'), 0o700));
      const env = { PATH: process.env.PATH, TSPIPE_QUEUE_DIR: base };
      const run = (...words: string[]): Promise<CliResult> =>
        new Promise((resolve) => {
          const child = execFile(
            process.execPath,
            [BIN, ...words],
            { cwd: base, uid: 65534, gid: 65534, env },
            (_error, out, err) => resolve({ code: child.exitCode, out, err }),
          );
        });
      expect((await run('queues', '-q', '@bob/open')).out).toMatch(/^open {2}ACTIVE {2}1 SUCCEEDED/);
      expect((await run('complete', '--', 'tasks', '-q', '@bob/')).out).toBe('@bob/open\n');
    });
  },
);
