import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadProfile } from '../../src/config/index.ts';

let cwd: string;
let user: string;

beforeEach(() => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'tspipe-')));
  cwd = join(root, 'project');
  user = join(root, 'user');
  mkdirSync(cwd);
  mkdirSync(user);
});

afterEach(() => {
  rmSync(join(cwd, '..'), { recursive: true });
});

function load(name: string | undefined, variables: NodeJS.ProcessEnv = {}, words = '') {
  const argv = words.split(' ').filter(Boolean);
  return loadProfile(name, { cwd, env: { TSPIPE_CONFIG_DIR: user, ...variables }, argv });
}

describe('loadProfile', () => {
  it('lets a profile go before what the files set outside profiles, piece by piece', () => {
    writeFileSync(join(user, 'config.yaml'), 'provider: local\nprofiles:\n  sims: { provider: mine }\n');
    writeFileSync(join(cwd, 'tspipe.yaml'), 'provider: project\nscheduler: { maxWorkers: 2 }\n');
    expect(load(undefined)).toMatchObject({ provider: 'project', scheduler: { maxWorkers: 2 } });
    expect(load('sims')).toMatchObject({ provider: 'mine', scheduler: { maxWorkers: 2 } });
  });

  it('takes a profile of the project before one of the user with the same name, as a whole', () => {
    writeFileSync(
      join(user, 'config.yaml'),
      'profiles:\n  sims: { provider: mine, scheduler: { maxWorkers: 2 } }\n',
    );
    writeFileSync(join(cwd, 'tspipe.yaml'), 'profiles:\n  sims: { provider: project }\n');
    const { provider, scheduler } = load('sims');
    expect({ provider, scheduler }).toEqual({ provider: 'project', scheduler: undefined });
  });

  it('lets TSPIPE_PROFILE choose another than the script names', () => {
    writeFileSync(join(cwd, 'tspipe.yaml'), 'profiles:\n  a: { provider: pa }\n  b: { provider: pb }\n');
    expect(load('a', { TSPIPE_PROFILE: 'b' }).provider).toBe('pb');
    expect(load(undefined, { TSPIPE_PROFILE: 'b' }).provider).toBe('pb');
    expect(load('a', { TSPIPE_PROFILE: '' }).provider).toBe('pa');
  });

  it.each(['--profile c', 'x --profile=c y', '--profile a --profile c', '--profile c -- --profile a'])(
    'lets the words %j of the command line go before TSPIPE_PROFILE',
    (words) => {
      writeFileSync(
        join(cwd, 'tspipe.yaml'),
        'profiles:\n  a: { provider: pa }\n  b: { provider: pb }\n  c: { provider: pc }\n',
      );
      expect(load('a', { TSPIPE_PROFILE: 'b' }, words).provider).toBe('pc');
    },
  );

  it.each(['-- --profile c', '--profiles c', 'profile c', '--no-profile'])(
    'leaves the words %j to the script',
    (words) => {
      writeFileSync(join(cwd, 'tspipe.yaml'), 'profiles:\n  a: { provider: pa }\n');
      expect(load('a', {}, words).provider).toBe('pa');
    },
  );

  it.each(['--profile', '--profile=', '--profile -x', '--profile -- c'])(
    'refuses %j, which names no profile, and says where words of the script go',
    (words) => {
      expect(() => load('a', {}, words)).toThrow(
        expect.objectContaining({ code: 'OPTION_INVALID', message: expect.stringContaining('go behind --') }),
      );
    },
  );

  it('hands a profile of the command line to the processes that are started, once it is found', () => {
    writeFileSync(join(cwd, 'tspipe.yaml'), 'profiles:\n  a: {}\n  b: {}\n');
    const env: NodeJS.ProcessEnv = { TSPIPE_PROFILE: 'a' };
    expect(() => loadProfile(undefined, { cwd, env, argv: ['--profile', 'x'] })).toThrow('"x"');
    loadProfile('b', { cwd, env, argv: [] });
    expect(env.TSPIPE_PROFILE).toBe('a');
    loadProfile(undefined, { cwd, env, argv: ['--profile', 'b'] });
    expect(env.TSPIPE_PROFILE).toBe('b');
  });

  it('refuses an unknown profile with the nearest, all that are known, and where the name stands', () => {
    expect(() => load('toString')).toThrow('No configuration file holds profiles');
    writeFileSync(join(cwd, 'tspipe.yaml'), 'profiles:\n  sims: {}\n  laptop: {}\n');
    const message = (...given: Parameters<typeof load>): string => {
      try {
        load(...given);
      } catch (error) {
        if (error instanceof Error) return error.message;
      }
      return 'nothing was refused';
    };
    expect(message('sim')).toBe(
      'Profile "sim" is unknown. Did you mean "sims"? The name comes from the option profile. Known: laptop, sims.',
    );
    expect(message('sims', { TSPIPE_PROFILE: 'labtop' })).toBe(
      'Profile "labtop" is unknown. Did you mean "laptop"? The name comes from TSPIPE_PROFILE. Known: laptop, sims.',
    );
    expect(message('sims', {}, '--profile zzzzz')).toBe(
      'Profile "zzzzz" is unknown. Known: laptop, sims. The name comes from --profile.',
    );
  });
});
