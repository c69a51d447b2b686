import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/index.ts';

let root: string;
let cwd: string;
let home: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tspipe-'));
  cwd = join(root, 'project', 'deep', 'down');
  home = join(root, 'home');
  mkdirSync(cwd, { recursive: true });
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

function write(name: string, text: string): string {
  const file = join(root, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

/** Each name a list of nine of the one before it. */
function aliases(names: string): string {
  const pairs = [...names].slice(1).map((name, index) => [name, names[index]] as const);
  return pairs.map(([name, before]) => `${name}: &${name} [${`*${before},`.repeat(9)}]\n`).join('');
}

describe('loadConfig', () => {
  it('is empty without files, and without HOME', () => {
    expect(loadConfig({ cwd, env: {} })).toEqual({ profiles: {}, origins: {} });
    expect(loadConfig({ cwd, env: { HOME: home } })).toEqual({ profiles: {}, origins: {} });
  });

  it('reads the file of the user', () => {
    const file = write(
      'home/.tspipe/config.yaml',
      'base_queue_dir: /data/queues\nenviron: { data: { A: 1 }, command: source x.sh }\nprovider: local\n',
    );
    expect(loadConfig({ cwd, env: { HOME: home } })).toEqual({
      baseQueueDir: '/data/queues',
      environ: { data: { A: 1 }, command: 'source x.sh' },
      provider: 'local',
      profiles: {},
      origins: { baseQueueDir: file, environ: file, provider: file },
    });
  });

  it('reads it from TSPIPE_CONFIG_DIR when that is set', () => {
    write('home/.tspipe/config.yaml', 'provider: local\n');
    write('other/config.yaml', 'provider: slurm\n');
    const env = { HOME: home, TSPIPE_CONFIG_DIR: join(root, 'other') };
    expect(loadConfig({ cwd, env }).provider).toBe('slurm');
  });

  it('lets the nearest project file go before the file of the user, setting by setting', () => {
    const user = write('home/.tspipe/config.yaml', 'provider: local\nscheduler: { maxWorkers: 2 }\n');
    write('tspipe.yaml', 'provider: far\n');
    const project = write('project/tspipe.yaml', 'provider: slurm\n');
    const config = loadConfig({ cwd, env: { HOME: home } });
    expect(config).toMatchObject({ provider: 'slurm', scheduler: { maxWorkers: 2 } });
    expect(config.origins).toEqual({ provider: project, scheduler: user });
  });

  it('lets TSPIPE_QUEUE_DIR go before all files', () => {
    write('project/tspipe.yaml', 'base_queue_dir: /data\n');
    expect(loadConfig({ cwd, env: { TSPIPE_QUEUE_DIR: 'here' } })).toMatchObject({
      baseQueueDir: join(cwd, 'here'),
      origins: { baseQueueDir: 'TSPIPE_QUEUE_DIR' },
    });
  });

  it('takes paths of a file from its folder, and ~ from the home', () => {
    write('project/tspipe.yaml', 'base_queue_dir: ./queues\n');
    expect(loadConfig({ cwd, env: {} }).baseQueueDir).toBe(join(root, 'project', 'queues'));
    write('project/tspipe.yaml', 'base_queue_dir: ~/queues\n');
    expect(loadConfig({ cwd, env: { HOME: home } }).baseQueueDir).toBe(join(home, 'queues'));
  });

  it('gathers the profiles of all files', () => {
    write('home/.tspipe/config.yaml', 'profiles:\n  a: { provider: local }\n  b: { provider: local }\n');
    write('project/tspipe.yaml', 'profiles:\n  b: { scheduler: { maxWorkers: 8 } }\n');
    expect(loadConfig({ cwd, env: { HOME: home } }).profiles).toEqual({
      a: { provider: 'local' },
      b: { scheduler: { maxWorkers: 8 } },
    });
  });

  it.each(['', '# nothing yet\n', '---\n'])('takes %j for an empty file', (text) => {
    write('project/tspipe.yaml', text);
    expect(loadConfig({ cwd, env: {} }).profiles).toEqual({});
  });

  it.each([
    [
      '# mine\nschedler: simple\n',
      '2:1: configuration option "schedler" is unknown. Did you mean "scheduler"?',
    ],
    ['provider: 4\n', '1:1: configuration.provider must be a name or a dictionary of options, not 4.'],
    [
      'secret_names: [A*, "x y"]\n',
      '1:20: configuration.secret_names.1 must be a pattern of names, such as *_CREDENTIALS or !SSH_ASKPASS, not "x y".',
    ],
    [
      'provider: local\nbase_queue_dir: [a]\n',
      "2:1: configuration.base_queue_dir must be a path, not [ 'a' ].",
    ],
    [
      'profiles:\n  sims:\n    provider: x\n    environment: y\n',
      '4:5: configuration.profiles.sims option "environment" is unknown. Did you mean "environ"?',
    ],
    ['profiles: sims\n', '1:1: configuration.profiles must be an object, not "sims".'],
    ['environ: [a]\n', "1:1: configuration.environ must be a name or a dictionary of options, not [ 'a' ]."],
    ['- a\n', "1:1: configuration must be an object of options, not [ 'a' ]."],
    ['provider: local\nprovider: slurm\n', '2:1: this key stands twice in its map: keep one.'],
    [
      'environ: { A: !!js/function "x" }\n',
      '1:15: Unresolved tag: tag:yaml.org,2002:js/function: leave it out.',
    ],
    ['environ: !Environment { A: 1 }\n', '1:10: Unresolved tag: !Environment: leave it out.'],
    ['scheduler:\n\tmaxWorkers: 2\n', '2:1: a tab cannot indent YAML: use spaces.'],
    ['provider: local\n---\nprovider: local\n', '2:1: a second document begins here: keep one.'],
    ['local\n', '1:1: configuration must be an object of options, not "local".'],
    ['environ: {a: 1\n', /^\d:\d+: Flow map/],
    ['environ: *missing\n', /^1:\d+: .*missing/],
  ])('refuses %j with line and column', (text, message) => {
    const file = write('project/tspipe.yaml', text);
    const expected =
      typeof message === 'string' ? `${file}:${message}` : expect.stringMatching(message.source.slice(1));
    expect(() => loadConfig({ cwd, env: {} })).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: expected }),
    );
  });

  it.each([
    ['lists in lists', `environ: ${'['.repeat(20_000)}`, 'this is nested too deeply.'],
    ['aliases', `a: &a [${'1,'.repeat(9)}]\n${aliases('abcdef')}`, 'Excessive alias count'],
    ['a comment', `# ${'x'.repeat(65_536)}\n`, ' is larger than 64 KiB'],
  ])('refuses %s without end', (_what, text, message) => {
    write('project/tspipe.yaml', text);
    expect(() => loadConfig({ cwd, env: {} })).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringContaining(message) }),
    );
  });

  it('puts secret_names where what it starts finds them, unless the variable is there', () => {
    write('project/tspipe.yaml', "secret_names: ['*_CREDENTIALS', '!SSH_ASKPASS']\n");
    const env: NodeJS.ProcessEnv = {};
    expect(loadConfig({ cwd, env }).secretNames).toEqual(['*_CREDENTIALS', '!SSH_ASKPASS']);
    expect(env).toEqual({ TSPIPE_SECRET_NAMES: '*_CREDENTIALS,!SSH_ASKPASS' });
    env.TSPIPE_SECRET_NAMES = 'MINE';
    loadConfig({ cwd, env });
    expect(env).toEqual({ TSPIPE_SECRET_NAMES: 'MINE' });
  });

  it('refuses a file that is not UTF-8, with the line', () => {
    const file = join(cwd, 'tspipe.yaml');
    writeFileSync(file, Buffer.from('# naïve\nenviron: { NAME: Bj\xf6rn }\n', 'latin1'));
    expect(() => loadConfig({ cwd, env: {} })).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringContaining(`${file}:1:1: `) }),
    );
    writeFileSync(file, '\uFEFF# naïve\nprovider: local\n');
    expect(loadConfig({ cwd, env: {} }).provider).toBe('local');
  });

  it.each(['tspipe.yaml', '../../../home/.tspipe/config.yaml'])(
    'refuses %s that is a folder, a link to nothing, or a circle of links',
    (name) => {
      const file = join(cwd, name);
      const refused = (reason: string) =>
        expect(() => loadConfig({ cwd, env: { HOME: home } })).toThrow(
          expect.objectContaining({ code: 'CONFIG_INVALID', message: `${file} cannot be read: ${reason}.` }),
        );
      mkdirSync(file, { recursive: true });
      refused('it is a folder (EISDIR)');
      rmSync(file, { recursive: true });
      symlinkSync('nowhere', file);
      refused('it is a symbolic link to something that is not there (ENOENT)');
      rmSync(file);
      symlinkSync(file, file);
      refused('its symbolic links lead in a circle (ELOOP)');
    },
  );

  it.skipIf(process.getuid?.() === 0)('refuses a file that this user may not read', () => {
    chmodSync(write('project/tspipe.yaml', 'provider: local\n'), 0);
    expect(() => loadConfig({ cwd, env: {} })).toThrow('cannot be read: this user may not read it (EACCES)');
  });

  it('takes a relative TSPIPE_CONFIG_DIR from the working directory, and ~ from the home', () => {
    const provider = (folder: string) =>
      loadConfig({ cwd, env: { HOME: home, TSPIPE_CONFIG_DIR: folder } }).provider;
    write('project/deep/here/config.yaml', 'provider: here\n');
    write('home/mine/config.yaml', 'provider: mine\n');
    expect(provider('../here')).toBe('here');
    expect(provider('~/mine')).toBe('mine');
    expect(provider('nowhere')).toBeUndefined();
    expect(loadConfig({ cwd, env: { HOME: home, TSPIPE_QUEUE_DIR: '~/q' } }).baseQueueDir).toBe(
      join(home, 'q'),
    );
  });
});
