import { execFileSync } from 'node:child_process';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { userName } from '../../src/config/index.ts';

const CONFIG = join(import.meta.dirname, '../../src/config/index.ts');

/** Runs code as a user that no password file names. */
function runAsNobodyKnown(code: string, env: NodeJS.ProcessEnv = {}): string {
  return execFileSync(process.execPath, ['--input-type=module', '-e', code], {
    encoding: 'utf8',
    uid: 54_321,
    gid: 54_321,
    cwd: '/',
    env,
  }).trim();
}

function canChangeUser(): boolean {
  try {
    return process.getuid?.() === 0 && runAsNobodyKnown(`await import(${JSON.stringify(CONFIG)})`) === '';
  } catch {
    return false;
  }
}

function hasName(): boolean {
  try {
    return userInfo().username !== '';
  } catch {
    return false;
  }
}

describe('userName', () => {
  it.runIf(hasName())('is the name of the user', () => {
    expect(userName()).toBe(userInfo().username);
  });

  describe.runIf(canChangeUser())('of a user without a name', () => {
    it('is made of the user id', () => {
      const code = `const { userName } = await import(${JSON.stringify(CONFIG)}); console.log(userName());`;
      expect(runAsNobodyKnown(code)).toBe('uid-54321');
    });

    it('leaves queues without a folder, and says what to set', () => {
      const code = `const { queueBaseDirectory } = await import(${JSON.stringify(CONFIG)});
        try { queueBaseDirectory() } catch (error) { console.log(error.code, error.message) }`;
      expect(runAsNobodyKnown(code)).toMatch(/^CONFIG_INVALID .*Set TSPIPE_QUEUE_DIR/);
      expect(runAsNobodyKnown(`${code}; console.log('fine')`, { HOME: '/home/x' })).toBe('fine');
    });
  });
});
