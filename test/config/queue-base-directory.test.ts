import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { queueBaseDirectory } from '../../src/config/index.ts';

let cwd: string;

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'tspipe-'));
});

afterEach(() => {
  rmSync(cwd, { recursive: true });
});

function systemHome(): string | undefined {
  try {
    return userInfo().homedir;
  } catch {
    return undefined;
  }
}

describe('queueBaseDirectory', () => {
  it('takes the option first, without adding the user', () => {
    const env = { TSPIPE_QUEUE_DIR: '/elsewhere' };
    expect(queueBaseDirectory('_tests', { cwd, env })).toEqual({
      directory: join(cwd, '_tests'),
      addUser: false,
    });
  });

  it('then TSPIPE_QUEUE_DIR, then the configuration, then the home', () => {
    writeFileSync(join(cwd, 'tspipe.yaml'), 'base_queue_dir: /data/queues\n');
    const env = { HOME: '/home/me' };
    const directory = (variables: NodeJS.ProcessEnv, from = cwd) =>
      queueBaseDirectory(undefined, { cwd: from, env: variables });
    expect(directory({ ...env, TSPIPE_QUEUE_DIR: '/mine' })).toEqual({ directory: '/mine', addUser: true });
    expect(directory(env)).toEqual({ directory: '/data/queues', addUser: true });
    expect(directory(env, tmpdir())).toEqual({ directory: '/home/me/.tspipe/queues', addUser: true });
  });

  it.runIf(systemHome())('finds the home of the user without HOME', () => {
    expect(queueBaseDirectory(undefined, { cwd, env: {} }).directory).toBe(
      join(systemHome() ?? '', '.tspipe', 'queues'),
    );
  });
});
