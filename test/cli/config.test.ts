import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from './fixtures.ts';
import { type CliResult, runCli } from './run-cli.ts';

interface Site {
  readonly cwd: string;
  readonly user: string;
  readonly project: string;
  run(words: string, env?: NodeJS.ProcessEnv): Promise<CliResult>;
}

function site(): Site {
  const folder = temporaryFolder();
  const cwd = join(folder, 'project', 'deep');
  mkdirSync(cwd, { recursive: true });
  const base = { TSPIPE_CONFIG_DIR: join(folder, 'user'), TSPIPE_PROFILE: '', TSPIPE_QUEUE_DIR: '' };
  return {
    cwd,
    user: join(folder, 'user', 'config.yaml'),
    project: join(folder, 'project', 'tspipe.yaml'),
    run: (words, env = {}) => runCli(['config', ...words.split(' ')], { cwd, env: { ...base, ...env } }),
  };
}

async function settings(place: Site, env: NodeJS.ProcessEnv = {}): Promise<Record<string, unknown>> {
  const { out } = await place.run('show --json', env);
  const list: { key: string; value: unknown; origin: string }[] = JSON.parse(out);
  return Object.fromEntries(list.map(({ key, value, origin }) => [key, [value, origin]]));
}

describe('tspipe config show', () => {
  it('shows what is built in where nothing is set', async () => {
    const place = site();
    expect(await settings(place, { HOME: '/home/ann' })).toEqual({
      base_queue_dir: ['/home/ann/.tspipe/queues', 'built-in'],
      environ: ['base', 'built-in'],
      scheduler: ['simple', 'built-in'],
      provider: ['local', 'built-in'],
    });
    const { code, out } = await place.run('show');
    expect(code).toBe(0);
    expect(out).toContain('\nscheduler: simple\n');
  });

  it('tells for each value the file, environment variable or profile it comes from', async () => {
    const place = site();
    mkdirSync(join(place.user, '..'));
    writeFileSync(place.user, 'provider: local\nprofiles:\n  sims: { environ: { A: 1 } }\n');
    writeFileSync(place.project, 'scheduler: { maxWorkers: 3 }\n');
    const env = { TSPIPE_QUEUE_DIR: '/data', TSPIPE_PROFILE: 'sims' };
    expect(await settings(place, env)).toEqual({
      base_queue_dir: ['/data', 'TSPIPE_QUEUE_DIR'],
      environ: [{ A: 1 }, `profile sims in ${place.user}`],
      scheduler: [{ maxWorkers: 3 }, place.project],
      provider: ['local', place.user],
      'profiles.sims': [{ environ: { A: 1 } }, place.user],
    });
    const { out } = await place.run('show --origin', env);
    expect(out).toMatch(/^KEY +VALUE +FROM\n/);
    expect(out).toContain(`scheduler       {"maxWorkers":3}     ${place.project}\n`);
    expect((await place.run('show --profile sims --origin')).out).toContain('profile sims');
  });

  it('fails with file, line and column for a wrong file, and with the nearest for an unknown profile', async () => {
    const place = site();
    writeFileSync(place.project, 'profiles:\n  sims: {}\nschedler: simple\n');
    const wrong = await place.run('show');
    expect(wrong).toMatchObject({ code: 1, out: '' });
    expect(wrong.err).toContain(`${place.project}:3:1: configuration option "schedler" is unknown.`);
    expect(wrong.err).toContain('Did you mean "scheduler"?');
    writeFileSync(place.project, 'profiles:\n  sims: {}\n');
    const unknown = await place.run('show --profile sim');
    expect(unknown.code).toBe(2);
    expect(unknown.err).toContain('Profile "sim" is unknown. Did you mean "sims"?');
  });
});

describe('tspipe config set and unset', () => {
  it('make the file of the user, keep comments, and take out what is set', async () => {
    const place = site();
    expect((await place.run('set provider local')).code).toBe(0);
    expect(readFileSync(place.user, 'utf8')).toBe('provider: local\n');
    writeFileSync(place.user, '# mine\nprovider: local # here\nscheduler: simple\n');
    expect((await place.run('set scheduler.maxWorkers 4')).code).toBe(0);
    const text = '# mine\nprovider: local # here\nscheduler:\n  maxWorkers: 4\n';
    expect(readFileSync(place.user, 'utf8')).toBe(text);
    expect((await place.run('unset scheduler.maxWorkers')).code).toBe(0);
    expect(readFileSync(place.user, 'utf8')).toBe('# mine\nprovider: local # here\n');
    const again = await place.run('unset scheduler.maxWorkers');
    expect(again.code).toBe(1);
    expect(again.err).toContain('is not set in');
    expect((await place.run('unset provider')).code).toBe(0);
    expect((await place.run('show')).code).toBe(0);
  });

  it('change the nearest file of the project with --project, or make one here', async () => {
    const place = site();
    expect((await place.run('set profiles.sims.scheduler.maxWorkers 64 --project')).code).toBe(0);
    expect(existsSync(place.user)).toBe(false);
    expect(readFileSync(join(place.cwd, 'tspipe.yaml'), 'utf8')).toBe(
      'profiles:\n  sims:\n    scheduler:\n      maxWorkers: 64\n',
    );
    const other = site();
    writeFileSync(other.project, '# ours\n');
    await other.run('set provider local --project');
    expect(readFileSync(other.project, 'utf8')).toBe('# ours\n\nprovider: local\n');
  });

  it('refuse an unknown key with the nearest and a value of the wrong kind, and change nothing', async () => {
    const place = site();
    await place.run('set provider local');
    const unknown = await place.run('set schedler simple');
    expect(unknown.code).toBe(2);
    expect(unknown.err).toContain('Did you mean "scheduler"?');
    expect((await place.run('set base_queue_dir 4')).err).toContain('must be a path, not 4');
    expect((await place.run('set scheduler {')).err).toContain('is not YAML');
    expect(readFileSync(place.user, 'utf8')).toBe('provider: local\n');
  });

  it('say what to set where there is no home', async () => {
    const place = site();
    const { code, err } = await place.run('set provider local', { TSPIPE_CONFIG_DIR: '', HOME: '' });
    expect(code).toBe(1);
    expect(err).toContain('Set TSPIPE_CONFIG_DIR, or use --project');
  });
});
