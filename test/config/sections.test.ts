import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sectionReaders } from '../../src/cli/section-readers.ts';
import { checkConfigFiles } from '../../src/config/index.ts';
import { makeFolder, makePlace } from '../helpers/place.ts';
import { runScript } from '../helpers/script.ts';

function check(text: string, name = 'tspipe.yaml'): { readonly run: () => string[]; readonly file: string } {
  const cwd = makeFolder();
  const file = join(cwd, name);
  writeFileSync(file, text);
  return { run: () => checkConfigFiles(sectionReaders, { cwd, env: { TSPIPE_CONFIG_DIR: cwd } }), file };
}

describe('checkConfigFiles', () => {
  it.each([
    [
      'scheduler:\n  maxWorker: 3\n',
      '2:3: scheduler option "maxWorker" is unknown. Did you mean "maxWorkers"?',
    ],
    ['provider: { provider: local, x: 1 }\n', '1:30: provider "local" option "x" is unknown.'],
    [
      'environ:\n  command: a\n  dta: { A: 1 }\n',
      '3:3: environ option "dta" is unknown. Did you mean "data"?',
    ],
    ['environ: { data: { A: 1, B: [2] } }\n', '1:26: The environment variable B must be text'],
    ['environ: { A: [2] }\n', '1:12: The environment variable A must be text'],
    ['environ: { 1A: x }\n', '1:12: "1A" is no name of an environment variable'],
    ['environ: { command: [x, 3] }\n', '1:12: environ.command must be a command or a list of commands'],
    [
      'profiles:\n  a:\n    scheduler: { concurrency: 0 }\n',
      '3:18: scheduler.concurrency must be a whole number',
    ],
    ['scheduler: &s { maxWorkers: 1, x: 1 }\n', '1:32: scheduler option "x" is unknown'],
    ['provider: local\nscheduler: { scheduler: [1] }\n', '2:14: scheduler must be a Scheduler'],
  ])('tells the place of what is wrong in %j', (text, message) => {
    for (const name of ['tspipe.yaml', 'config.yaml']) {
      const { run, file } = check(text, name);
      expect(run).toThrow(
        expect.objectContaining({
          code: 'CONFIG_INVALID',
          message: expect.stringContaining(`${file}:${message}`),
        }),
      );
    }
  });

  it('gives what is said of names that a script may make known', () => {
    const { run, file } = check('provider: mine\nprofiles:\n  a: { environ: { name: bse } }\n');
    expect(run()).toEqual([
      `${file}:1:1: provider "mine" is unknown. Known: local.`,
      `${file}:3:19: Environment "bse" is unknown. Did you mean "base"?`,
    ]);
    expect(check('provider: local\n').run()).toEqual([]);
  });
});

describe('new TaskManager', () => {
  it('tells the place of what is wrong in the configuration, and none for an argument', async () => {
    const { folder } = makePlace();
    writeFileSync(
      join(folder, 'tspipe.yaml'),
      `scheduler: { maxWorkers: lots }
profiles:
  a: { provider: locl }
  b: { scheduler: simple, environ: { command: x, dat: 1 } }
`,
    );
    const { ended, out, err } = runScript(
      folder,
      `import { Queue, TaskManager } from 'tspipe';
const queue = new Queue('q', { baseDir: '.' });
const ways = [
  () => new TaskManager({ queue }),
  () => new TaskManager({ queue, scheduler: 'simple', profile: 'a' }),
  () => new TaskManager({ queue, profile: 'b' }),
  () => new TaskManager({ queue, scheduler: 'simple' }).clone({ profile: 'b' }),
  () => new TaskManager({ queue, scheduler: { maxWorkers: 'lots' } }),
  () => new TaskManager({ queue, profile: 'b', environ: 'base' }),
];
for (const way of ways) try { way(); console.log('fine'); } catch ({ code, message }) { console.log(code, message); }`,
    );
    expect(await ended, err()).toMatchObject({ code: 0 });
    const file = join(folder, 'tspipe.yaml');
    expect(out().trim().split('\n')).toEqual([
      `CONFIG_INVALID ${file}:1:14: scheduler.maxWorkers must be a whole number of at least 1, not "lots".`,
      `CONFIG_INVALID ${file}:3:8: provider "locl" is unknown. Did you mean "local"?`,
      `CONFIG_INVALID ${file}:4:50: environ option "dat" is unknown. Did you mean "data"?`,
      `CONFIG_INVALID ${file}:4:50: environ option "dat" is unknown. Did you mean "data"?`,
      'OPTION_INVALID scheduler.maxWorkers must be a whole number of at least 1, not "lots".',
      'fine',
    ]);
  });
});
