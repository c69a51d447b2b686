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

function load(name: string | undefined, variables: NodeJS.ProcessEnv = {}) {
  return loadProfile(name, { cwd, env: { TSPIPE_CONFIG_DIR: user, ...variables } });
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

  it('refuses an unknown profile and names the nearest, or says that there are none', () => {
    expect(() => load('toString')).toThrow('No configuration file holds profiles');
    writeFileSync(join(cwd, 'tspipe.yaml'), 'profiles:\n  laptop: {}\n  sims: {}\n');
    expect(() => load('sim')).toThrow('Profile "sim" is unknown. Did you mean "sims"?');
    expect(() => load('sims', { TSPIPE_PROFILE: 'labtop' })).toThrow(
      'Profile "labtop" is unknown. Did you mean "laptop"? (from TSPIPE_PROFILE)',
    );
  });
});
