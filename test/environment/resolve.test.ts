import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Environment, secret } from '../../src/environment/index.ts';

let folder: string;
let base: NodeJS.ProcessEnv;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'tspipe-')));
  base = { HOME: folder, PATH: process.env.PATH };
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function withCommand(...command: string[]): Environment {
  return new Environment({}, { command });
}

describe('resolve', () => {
  it('takes no time where there are no commands to run', async () => {
    const environment = new Environment({ A: 'declared' });
    expect(environment.resolveNow(base)).toEqual(await environment.resolve(base));
    expect(withCommand('export A=1').resolveNow(base)).toBeUndefined();
    const missing = new Environment({}, { data: { TOKEN: secret('MY_TOKEN') } });
    expect(missing.resolveNow({ MY_TOKEN: 'x' })).toEqual({ TOKEN: 'x' });
    expect(missing.resolveNow({})).toBeUndefined();
  });

  it('adds the declared variables to those of the process', async () => {
    const environment = new Environment({ A: 'declared', B: 2 });
    expect(await environment.resolve({ A: 'inherited', C: 'kept', D: undefined })).toEqual({
      A: 'declared',
      B: '2',
      C: 'kept',
    });
  });

  it('leaves out what is named like a secret, unless it is declared', async () => {
    const inherited = { API_KEY: 'x', my_token: 'x', PASSPHRASE: 'x', THE_SECRET_ONE: 'x', PLAIN: 'x' };
    expect(await new Environment().resolve(inherited)).toEqual({ PLAIN: 'x' });
    expect(
      await new Environment({ API_KEY: secret('API_KEY'), MINE: secret('my_token') }).resolve(inherited),
    ).toEqual({ PLAIN: 'x', API_KEY: 'x', MINE: 'x', TSPIPE_SECRET_NAMES: 'MINE' });
  });

  it('takes a secret that the process does not have from set-up commands, or from the login shell', async () => {
    const commands = ['MY_PIN=4321', 'export MY_PIN PROFILED'];
    const environment = new Environment({ PIN: secret('MY_PIN') }, { command: commands });
    expect(await environment.resolve(base)).toMatchObject({ PIN: '4321', TSPIPE_SECRET_NAMES: 'PIN' });
    expect(await environment.resolve({ ...base, MY_PIN: 'here' })).toMatchObject({ PIN: 'here' });
    writeFileSync(join(folder, '.bash_profile'), 'export FROM_PROFILE=1234 ANOTHER_TOKEN=other');
    const bare = await new Environment({ PIN: secret('FROM_PROFILE') }).resolve(base);
    expect(bare).toEqual({ ...base, PIN: '1234', TSPIPE_SECRET_NAMES: 'PIN' });
  });

  it('refuses a secret that is not there, by name', async () => {
    await expect(new Environment({ PIN: secret('constructor') }).resolve(base)).rejects.toMatchObject({
      code: 'SECRET_MISSING',
    });
    await expect(new Environment({ PIN: secret('MY_PIN') }).resolve({})).rejects.toMatchObject({
      code: 'SECRET_MISSING',
      message: expect.stringContaining('The secret MY_PIN of the environment is not set here'),
    });
  });

  it('adds what the set-up commands change, exactly', async () => {
    writeFileSync(join(folder, 'x.sh'), 'export SOURCED="from $1 file"\nfalse\n: "$(false)"');
    const environment = new Environment(
      { DECLARED: 'yes' },
      {
        command: [
          'source x.sh',
          'export A=$(echo a; echo b) B="$DECLARED" C="$INHERITED"',
          "export QUOTES=$'it\\'s \"x\"=\\ny\\n'",
          'local_only=1',
        ],
      },
    );
    expect(await environment.resolve({ ...base, INHERITED: 'too' }, folder)).toEqual({
      ...base,
      INHERITED: 'too',
      DECLARED: 'yes',
      SOURCED: 'from  file',
      A: 'a\nb',
      B: 'yes',
      C: 'too',
      QUOTES: 'it\'s "x"=\ny\n',
    });
  });

  it('takes nothing for a variable that a command merely prints', async () => {
    const result = await withCommand('echo FAKE=1; printf "FAKE=1\\0"; printf "FAKE=1\\0" >&2').resolve(base);
    expect(result).toEqual(base);
  });

  it('forgets variables that a command unset, and where commands went', async () => {
    const result = await withCommand('unset GONE', 'cd /; export OLDPWD').resolve(
      { ...base, GONE: 'x' },
      folder,
    );
    expect(result).toEqual(base);
  });

  it('runs commands in a login shell, whose own settings do not count', async () => {
    writeFileSync(
      join(folder, '.profile'),
      'echo noise; cd /; export PATH=/nowhere:$PATH FROM_PROFILE=1 DECLARED=profile\nmodule() { export LOADED="$2 at $PWD"; }\n',
    );
    const environment = new Environment({ DECLARED: 'mine' }, { command: 'module load gcc' });
    expect(await environment.resolve(base, folder)).toEqual({
      ...base,
      DECLARED: 'mine',
      LOADED: `gcc at ${folder}`,
    });
  });

  it('adds to the PATH of the caller, not to that of the profile', async () => {
    writeFileSync(join(folder, '.profile'), 'export PATH=/usr/bin:/bin\n');
    const path = `/mine:${process.env.PATH}`;
    const result = await withCommand('export PATH=/tool/bin:$PATH').resolve({ ...base, PATH: path }, folder);
    expect(result.PATH).toBe(`/tool/bin:${path}`);
  });

  it('lets commands use secrets, and writes them to no file', async () => {
    const environment = new Environment(
      { PIN: secret('PIN') },
      {
        command: [
          `export LENGTH=\${#PIN}`,
          'export FILES=$(grep -rlF "$PIN" "$(dirname "$BASH_SOURCE")" | wc -l)',
        ],
      },
    );
    const result = await environment.resolve({ ...base, PIN: 'hidden-value' });
    expect(result).toMatchObject({ PIN: 'hidden-value', LENGTH: '12', FILES: '0' });
  });

  it('does not wait for what a command left running', async () => {
    const result = await withCommand('tail -f /dev/null & export LEFT=$!').resolve(base);
    const left = Number(result.LEFT);
    expect(process.kill(left, 'SIGKILL')).toBe(true);
  });

  it('works without a home and with a bare environment', async () => {
    expect(await withCommand('export A=1').resolve({})).toEqual({ A: '1' });
  });

  it.each([
    ['source missing.sh', 'The set-up command "source missing.sh" of the environment failed (exit code 1)'],
    ['echo why >&2; (exit 7)', 'failed (exit code 7). Try it in `bash -l`.\nwhy'],
    [
      'true\nno-such-program\nexport A=1',
      'The set-up command "no-such-program" of the environment failed (exit code 127)',
    ],
    [
      'exit 0',
      'The login shell for the set-up commands of the environment ended before they were done (exit code 0)',
    ],
    ['exit 4', 'ended before they were done (exit code 4)'],
    ['kill -9 $$', 'ended before they were done (SIGKILL)'],
    ['echo "unfinished', 'unexpected EOF'],
    ['cat <<END', 'ended before they were done (exit code 0)'],
  ])('rejects when %j fails', async (command, message) => {
    await expect(withCommand('export B=1', command).resolve(base, folder)).rejects.toMatchObject({
      code: 'ENVIRONMENT_FAILED',
      message: expect.stringContaining(message),
    });
  });

  it('shows the end of a long output', async () => {
    const error = await withCommand('seq 100', 'false').resolve(base).catch(String);
    expect(error).toMatch(/\(exit code 1\).*\n91\n/s);
    expect(error).toContain('\n100');
    expect(error).not.toContain('\n90\n');
  });

  it('says so when there is no bash', async () => {
    await expect(withCommand('true').resolve({ PATH: folder })).rejects.toMatchObject({
      code: 'ENVIRONMENT_FAILED',
      message: expect.stringContaining('ENOENT'),
    });
  });

  it('leaves no files behind', async () => {
    const temporary = join(folder, 'tmp');
    mkdirSync(temporary);
    const before = process.env.TMPDIR;
    process.env.TMPDIR = temporary;
    await withCommand('export A=1').resolve(base);
    await withCommand('false')
      .resolve(base)
      .catch(() => undefined);
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    expect(existsSync(temporary) && readdirSync(temporary)).toEqual([]);
  });
});

describe('toObject with all', () => {
  it('adds what the set-up commands make of the declared variables', async () => {
    const environment = new Environment({ A: 1, B: 2, C: 3 }, { command: 'export A="$A$A" D=4; unset B' });
    expect(await environment.toObject({ all: true })).toEqual({ A: '11', C: '3', D: '4' });
  });
});
