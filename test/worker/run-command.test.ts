import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WORKER_MARK } from '../../src/util/index.ts';
import { PERL_LAUNCHER } from '../../src/worker/launcher-programs.ts';
import { makeFolder } from '../helpers/place.ts';
import { until } from '../helpers/processes.ts';

const LAUNCHERS = (['Perl launcher', 'Node launcher'] as const).filter(
  (name) => name !== 'Perl launcher' || existsSync(PERL_LAUNCHER.file),
);
const STARTERS = ['worker', ...LAUNCHERS] as const;
type Launcher = (typeof LAUNCHERS)[number];
type Starter = (typeof STARTERS)[number] | `${Launcher}, ended before` | 'any';

const fixture = fileURLToPath(new URL('fixtures/run-commands.ts', import.meta.url));
const awkward = { LINES_IN_IT: 'a\nb=c\n', 'a.b-c': 'odd name', 'BASH_FUNC_f%%': '() {  echo in f\n}' };

interface Ended {
  readonly exitCode?: number;
  readonly signal?: string | null;
  readonly hasLeft?: boolean;
  readonly message?: string;
  readonly out: string;
  readonly err: string;
}

function start(starter: Starter, commands: readonly unknown[], { folder = makeFolder(), env = {} } = {}) {
  const [out, err] = ['out', 'err'].map((name) => openSync(join(folder, name), 'a'));
  const list = join(makeFolder(), 'commands.json');
  writeFileSync(list, JSON.stringify(commands));
  const args = ['--disable-warning=ExperimentalWarning', fixture, starter, list];
  const child = spawn(process.execPath, args, {
    cwd: folder,
    detached: true,
    env: { ...process.env, ...awkward, ...env, [WORKER_MARK]: randomUUID() },
    stdio: ['ignore', out, err, 'pipe'],
  });
  for (const file of [out, err]) closeSync(file ?? 0);
  const { pid = 0 } = child;
  onTestFinished(() => void endGroup(pid));
  return { pid, child, channel: child.stdio[3] as Readable, folder };
}

async function run(starter: Starter, commands: readonly unknown[], env = {}): Promise<Ended[]> {
  const lines = (await text(start(starter, commands, { env }).channel))
    .split('\n')
    .filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as Ended);
}

/** False where there is none. */
function endGroup(pid: number, signal: NodeJS.Signals | 0 = 'SIGKILL'): boolean {
  try {
    return process.kill(-pid, signal);
  } catch {
    return false;
  }
}

const clean = { exitCode: 0, signal: null, hasLeft: false, err: '' };

describe.each(STARTERS)('a command that the %s starts', (starter) => {
  it('ends with each exit code, and with each signal', async () => {
    const codes = [
      ...Array.from({ length: 20 }, (_, n) => n * 13),
      126,
      127,
      128,
      129,
      130,
      137,
      141,
      143,
      255,
    ];
    const signals = ['TERM', 'KILL', 'SEGV', 'INT', 'PIPE', 'HUP', 'ABRT', 'USR1'];
    const ends = await run(starter, [
      ...codes.map((code) => ['sh', '-c', `exit ${code}`]),
      ...signals.map((signal) => ['sh', '-c', `ulimit -c 0; kill -${signal} $$`]),
    ]);
    expect(ends.map(({ exitCode, signal }) => exitCode ?? signal)).toEqual([
      ...codes,
      ...signals.map((signal) => `SIG${signal}`),
    ]);
  });

  it('has its words, whatever is in them', async () => {
    const words = [
      '',
      ' ',
      "it's",
      '"',
      '\\',
      '$HOME',
      '`x`',
      '*',
      'a\nb',
      '\t',
      'ü€😀',
      '-n',
      '%s',
      '\u0081\u0088',
    ];
    const long = 'x'.repeat(100_000);
    const ends = await run(starter, [
      ['printf', '<%s>', ...words],
      ['printf', '%s', long],
      ['sh', '-c', 'printf "%s" "$0" "$#"', '--', ...Array.from({ length: 5000 }, () => 'word')],
    ]);
    expect(ends).toEqual([
      { ...clean, out: words.map((word) => `<${word}>`).join('') },
      { ...clean, out: long },
      { ...clean, out: '--5000' },
    ]);
  });

  it('that cannot be started says why', async () => {
    const ends = await run(starter, [
      ['no-such-command'],
      ['-n'],
      ['/etc/passwd'],
      ['/'],
      ['/etc/passwd/x'],
      ['true', 'x'.repeat(300_000)],
      ['a\0b'],
      ['true'],
    ]);
    expect(ends.map(({ message }) => message)).toEqual([
      expect.stringContaining('"no-such-command" of app cannot be started: there is no such command'),
      expect.stringContaining('there is no such command'),
      expect.stringContaining('it is not executable'),
      expect.stringContaining('it is not executable'),
      expect.stringContaining('ENOTDIR'),
      expect.stringContaining('E2BIG'),
      expect.stringContaining('a word with a NUL byte'),
      undefined,
    ]);
  });

  it('is a line that needs no shell, and ends as with one', async () => {
    const folder = makeFolder();
    const program = (name: string, text: string): string => {
      const path = join(folder, name);
      writeFileSync(path, text, { mode: 0o755 });
      return path;
    };
    const parent = program('parent', '#!/bin/sh\ntr "\\0" " " < /proc/$PPID/cmdline\n');
    const dies = program('dies', '#!/bin/sh\nkill -9 $$\n');
    const bare = program('bare', 'echo "by a shell: $1"\n');
    const lines = [`${parent} a`, `${parent} a; true`, `${dies} a`, `${dies} a; true`, `${bare} a`, 'false'];
    const [plain, byShell, died, diedInShell, noSheBang, failed] = await run(starter, lines);
    expect(plain).toMatchObject({ ...clean, out: expect.not.stringContaining('pipefail') });
    expect(byShell).toMatchObject({ ...clean, out: expect.stringContaining('pipefail') });
    expect(died).toMatchObject({ exitCode: null, signal: 'SIGKILL' });
    expect(diedInShell).toMatchObject({ exitCode: 137, signal: null });
    expect(noSheBang).toMatchObject({ ...clean, out: 'by a shell: a\n' });
    expect(failed).toMatchObject({ exitCode: 1, signal: null });
  });

  it('may have a space in its name', async () => {
    const folder = makeFolder();
    const path = join(folder, ' my command');
    writeFileSync(path, '#!/bin/sh\necho "ran $1"\n', { mode: 0o755 });
    expect(await run(starter, [[path, 'a b']])).toEqual([{ ...clean, out: 'ran a b\n' }]);
  });

  it('has the variables of the worker, with odd names and values', async () => {
    const [lines, odd, own, options] = await run(starter, [
      ['printenv', 'LINES_IN_IT'],
      ['printenv', 'a.b-c'],
      ['bash', '-c', 'f'],
      ['printenv', WORKER_MARK],
    ]);
    expect([lines?.out, odd?.out, own?.out]).toEqual(['a\nb=c\n\n', 'odd name\n', 'in f\n']);
    expect(options?.out).toMatch(/^[-0-9a-f]{36}\n$/);
  });

  it('has an empty standard input, and no signal that is ignored or blocked', async () => {
    const [input, signals] = await run(starter, [
      ['cat'],
      ['grep', '-E', '^Sig(Blk|Ign)', '/proc/self/status'],
    ]);
    expect(input).toEqual({ ...clean, out: '' });
    expect(signals?.out).toMatch(/^SigBlk:\s+0+\nSigIgn:\s+0+\n$/);
  });

  it('has no open files of ours but the one that tells what is left', async () => {
    const [files] = await run(starter, [['ls', '/proc/self/fd']]);
    // The fifth is that of the folder. What we were given ourselves has higher numbers.
    expect(files?.out.split('\n').filter((name) => Number(name) < 200)).toEqual([
      '0',
      '1',
      '2',
      '3',
      '4',
      '',
    ]);
  });

  it('writes as much as it likes, to descriptor 3 too', async () => {
    const [out, err, three, closed] = await run(starter, [
      'head -c 10485760 /dev/zero | tr "\\0" x',
      'head -c 200000 /dev/zero | tr "\\0" e >&2; echo done',
      'head -c 1000000 /dev/zero >&3 2>/dev/null || echo full',
      'exec 3>&-; echo closed',
    ]);
    expect(out?.out.length).toBe(10 * 2 ** 20);
    expect(err).toMatchObject({ out: 'done\n', exitCode: 0 });
    expect(err?.err.length).toBe(200_000);
    expect(three).toEqual({ ...clean, out: 'full\n' });
    expect(closed).toEqual({ ...clean, out: 'closed\n' });
  });

  it('is known to have left something, or not', async () => {
    const ends = await run(starter, [
      ['sh', '-c', 'true & wait'],
      ['sh', '-c', 'trap "echo bye" EXIT; exec 3>&- sleep 0'],
      ['bash', '-c', 'exec -a other true'],
      ['sh', '-c', 'sleep 1000 &'],
      ['sh', '-c', '(setsid nohup sleep 1000 >/dev/null 2>&1 &)'],
    ]);
    expect(ends.map(({ hasLeft }) => hasLeft)).toEqual([false, false, false, true, true]);
  });

  it('may finish by itself when its group is told to, where the task heeds that', async () => {
    const command = 'trap "echo bye; exit 7" TERM; touch ready; while :; do sleep 0.01; done';
    const { pid, channel, folder } = start(starter, [['sh', '-c', command], ['true']]);
    await until('it runs', () => existsSync(join(folder, 'ready')));
    endGroup(pid, 'SIGTERM');
    const [first, second] = (await text(channel)).split('\n');
    expect(JSON.parse(first ?? '')).toMatchObject({ exitCode: 7, out: 'bye\n' });
    expect(JSON.parse(second ?? '')).toMatchObject(clean);
  });

  it('may run in a folder that is gone', async () => {
    const folder = makeFolder();
    const gone = join(folder, 'gone');
    mkdirSync(gone);
    const { channel } = start(
      starter,
      [
        ['rmdir', gone],
        ['sh', '-c', 'echo here'],
      ],
      { folder: gone },
    );
    expect(await text(channel)).toContain('here');
  });
});

describe.each(LAUNCHERS)('a command that the %s starts', (launcher) => {
  it('counts as ended by a signal where it ends the launcher; the next ones are run by the worker', async () => {
    const ends = await run(launcher, [
      ['sh', '-c', 'echo before; kill -9 $PPID; sleep 1000'],
      ['sh', '-c', 'kill -TERM $PPID; echo after'],
      ['echo', 'next'],
    ]);
    expect(ends).toMatchObject([
      { exitCode: null, signal: 'SIGKILL', hasLeft: true, out: 'before\n' },
      { exitCode: 0, out: 'after\n' },
      { exitCode: 0, out: 'next\n' },
    ]);
  });

  it('is started by the worker where the launcher was ended before', async () => {
    const command = ['sh', '-c', 'kill -0 $PPID && echo started'];
    const end = { ...clean, out: 'started\n' };
    expect(await run(`${launcher}, ended before`, [command, command])).toEqual([end, end]);
  });

  it('goes with its worker and the launcher when the group is ended', async () => {
    const { pid, child, folder } = start(launcher, [['sh', '-c', 'echo $$ $PPID >pids; sleep 1000; true']]);
    const ended = new Promise((resolve) => child.once('exit', resolve));
    await until('it runs', () => existsSync(join(folder, 'pids')));
    endGroup(pid);
    await ended;
    await until('all are gone', () => !endGroup(pid, 0));
  });

  it('is not lost when its worker dies; the launcher ends after it', async () => {
    const { pid, folder } = start(launcher, [
      ['sh', '-c', 'echo $PPID >pids; while [ ! -e go ]; do sleep 0.01; done'],
    ]);
    await until('it runs', () => existsSync(join(folder, 'pids')));
    process.kill(pid, 'SIGKILL');
    writeFileSync(join(folder, 'go'), '');
    await until('all are gone', () => !endGroup(pid, 0));
  });
});

describe('a worker without a folder for its pipe', () => {
  it('runs commands, and takes it that each left something', async () => {
    const commands = Array.from({ length: 20 }, (_, n) => ['echo', n]);
    const ends = await run('any', commands, { TMPDIR: '/nowhere' });
    expect(ends).toEqual(commands.map(([, n]) => ({ ...clean, hasLeft: true, out: `${n}\n` })));
  });
});
