import { mkdirSync, mkdtempSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeConfig } from '../../src/config/index.ts';

let root: string;
let cwd: string;
let user: string;
let project: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tspipe-'));
  cwd = join(root, 'project');
  mkdirSync(cwd);
  user = join(root, 'config.yaml');
  project = join(cwd, 'tspipe.yaml');
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

interface Given {
  readonly option?: string;
  readonly variables?: NodeJS.ProcessEnv;
  readonly argv?: readonly string[];
}

/** The value in force and where it comes from. */
function setting(key: string, { option, variables = {}, argv = [] }: Given = {}) {
  const env = { HOME: root, TSPIPE_CONFIG_DIR: root, ...variables };
  const found = describeConfig(option, { cwd, env, argv }).find((one) => one.key === key);
  return [found?.value, found?.origin];
}

// What an argument goes before is shown with the class that takes it: test/task-manager/profile.test.ts and
// queue-base-directory.test.ts.
describe('what goes before what', () => {
  it.each([
    ['environ', 'base'],
    ['scheduler', 'simple'],
    ['provider', 'local'],
  ])(
    '%s: --profile, TSPIPE_PROFILE, the option profile, the project, the user, what is built in',
    (key, builtIn) => {
      const profiles = `profiles:\n${['a', 'b', 'c'].map((name) => `  ${name}: { ${key}: of-${name} }\n`).join('')}`;
      writeFileSync(user, `${key}: of-user\n${profiles}`);
      writeFileSync(project, `${key}: of-project\n`);
      const variables = { TSPIPE_PROFILE: 'b' };
      const argv = ['--profile', 'a'];
      expect(setting(key, { option: 'c', variables, argv })).toEqual(['of-a', `profile a in ${user}`]);
      expect(setting(key, { option: 'c', variables })).toEqual(['of-b', `profile b in ${user}`]);
      expect(setting(key, { option: 'c' })).toEqual(['of-c', `profile c in ${user}`]);
      expect(setting(key)).toEqual(['of-project', project]);
      unlinkSync(project);
      expect(setting(key)).toEqual(['of-user', user]);
      unlinkSync(user);
      expect(setting(key)).toEqual([builtIn, 'built-in']);
    },
  );

  it('secret_names: TSPIPE_SECRET_NAMES, the project, the user', () => {
    const key = 'secret_names';
    writeFileSync(user, 'secret_names: [USER_*]\n');
    writeFileSync(project, 'secret_names: [PROJECT_*]\n');
    const variables = { TSPIPE_SECRET_NAMES: 'A,!B' };
    expect(setting(key, { variables })).toEqual([['A', '!B'], 'TSPIPE_SECRET_NAMES']);
    expect(setting(key)).toEqual([['PROJECT_*'], project]);
    unlinkSync(project);
    expect(setting(key)).toEqual([['USER_*'], user]);
    unlinkSync(user);
    expect(setting(key)).toEqual([undefined, undefined]);
  });

  it('base_queue_dir: TSPIPE_QUEUE_DIR, the project, the user, what is built in', () => {
    const key = 'base_queue_dir';
    writeFileSync(user, 'base_queue_dir: /of/user\n');
    writeFileSync(project, 'base_queue_dir: /of/project\n');
    const variables = { TSPIPE_QUEUE_DIR: '/of/variable' };
    expect(setting(key, { variables })).toEqual(['/of/variable', 'TSPIPE_QUEUE_DIR']);
    expect(setting(key)).toEqual(['/of/project', project]);
    unlinkSync(project);
    expect(setting(key)).toEqual(['/of/user', user]);
    unlinkSync(user);
    expect(setting(key)).toEqual([join(root, '.tspipe', 'queues'), 'built-in']);
  });
});
