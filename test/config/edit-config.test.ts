import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sectionReaders as readers } from '../../src/cli/section-readers.ts';
import { setConfigValue, unsetConfigValue } from '../../src/config/index.ts';
import { makeFolder } from '../helpers/place.ts';

/** The text of a file after a change of it. */
function changed(text: string, change: (file: string) => unknown): string {
  const file = join(makeFolder(), 'tspipe.yaml');
  writeFileSync(file, text);
  change(file);
  return readFileSync(file, 'utf8');
}

function set(key: string, text: string) {
  return (file: string) => setConfigValue({ file, key, text, readers });
}

function unset(key: string) {
  return (file: string) => unsetConfigValue({ file, key, readers });
}

const WHOLE = `# ours, since 2024
provider: "local" # in quotes

# two kinds
profiles:
  # the quick one
  laptop: &laptop
    scheduler: { maxWorkers: 2 } # cores
    environ:
      command: 'module load gcc; module load fftw; export A_VARIABLE_WITH_A_LONG_NAME=and-a-value-as-long'
  sims: *laptop
`;

describe('setConfigValue', () => {
  it('keeps comments, order, anchors, quotes and long lines', () => {
    expect(changed(WHOLE, set('provider', 'local'))).toBe(WHOLE);
    expect(changed(WHOLE, set('profiles.laptop.scheduler.maxWorkers', '3'))).toBe(
      WHOLE.replace('maxWorkers: 2', 'maxWorkers: 3'),
    );
    expect(changed(WHOLE, set('base_queue_dir', '/data'))).toBe(`${WHOLE}base_queue_dir: /data\n`);
  });

  it('changes below an alias a copy of what it stands for', () => {
    const text = 'scheduler: &few { maxWorkers: 2 }\nprofiles:\n  a: { scheduler: *few }\n';
    expect(changed(text, set('profiles.a.scheduler.concurrency', '4'))).toBe(
      'scheduler: &few { maxWorkers: 2 }\nprofiles:\n  a: { scheduler: { maxWorkers: 2, concurrency: 4 } }\n',
    );
  });

  it('refuses what would make the file wrong, also in a section, and does not touch it', () => {
    const text = 'scheduler: { maxWorkers: 2 }\n';
    const refused = (key: string, value: string, message: string) =>
      changed(text, (file) =>
        expect(() => set(key, value)(file)).toThrow(
          expect.objectContaining({ code: 'OPTION_INVALID', message: expect.stringContaining(message) }),
        ),
      );
    expect(refused('scheduler.maxWorker', '3', 'Did you mean "maxWorkers"?')).toBe(text);
    expect(refused('scheduler.maxWorkers', 'lots', 'must be a whole number')).toBe(text);
    expect(refused('environ.data.A', '[1]', 'The environment variable A must be text')).toBe(text);
    expect(refused('profiles.a.provider.queue', 'x', 'provider "local" option "queue" is unknown')).toBe(
      text,
    );
    expect(refused('scheduler', '', 'must be a name or a dictionary of options, not null')).toBe(text);
    expect(refused('scheduler..x', '1', 'option "" is unknown')).toBe(text);
  });

  it('tells the place of what is wrong already, and sets it right', () => {
    const text = 'provider: local\nscheduler:\n  maxWorkers: lots\n';
    changed(text, (file) =>
      expect(() => set('provider', 'local')(file)).toThrow(
        expect.objectContaining({
          code: 'CONFIG_INVALID',
          message: `${file}:3:3: scheduler.maxWorkers must be a whole number of at least 1, not "lots".`,
        }),
      ),
    );
    expect(changed(text, set('scheduler.maxWorkers', '4'))).toBe(text.replace('lots', '4'));
    expect(changed(text, unset('scheduler.maxWorkers'))).toBe('provider: local\n');
  });

  it.each(['- a\n', 'text\n', 'a: 1\na: 2\n', 'a:\n\tb: 1\n'])('leaves the file %j alone', (text) => {
    expect(
      changed(text, (file) =>
        expect(() => set('provider', 'local')(file)).toThrow(
          expect.objectContaining({ code: 'CONFIG_INVALID' }),
        ),
      ),
    ).toBe(text);
  });

  it('gives what is said of a name that only a script can make known', () => {
    changed('', (file) => {
      expect(set('provider', 'mine')(file)).toEqual([expect.stringContaining('provider "mine" is unknown')]);
      expect(set('scheduler', '{ maxWorkers: 2 }')(file)).toEqual([]);
    });
  });

  it('makes the file of the user 0600 in a folder 0700, and leaves the mode of one that is there', () => {
    const folder = join(makeFolder(), 'new');
    const file = join(folder, 'config.yaml');
    set('provider', 'local')(file);
    expect([statSync(folder).mode & 0o777, statSync(file).mode & 0o777]).toEqual([0o700, 0o600]);
    const other = join(makeFolder(), 'config.yaml');
    writeFileSync(other, '', { mode: 0o640 });
    set('provider', 'local')(other);
    expect(statSync(other).mode & 0o777).toBe(0o640);
  });

  it('writes through a symbolic link, and leaves nothing else behind', () => {
    const folder = makeFolder();
    mkdirSync(join(folder, 'dotfiles'));
    writeFileSync(join(folder, 'dotfiles/ours.yaml'), '# ours\n');
    symlinkSync('dotfiles/ours.yaml', join(folder, 'tspipe.yaml'));
    set('provider', 'local')(join(folder, 'tspipe.yaml'));
    expect(readFileSync(join(folder, 'dotfiles/ours.yaml'), 'utf8')).toContain('provider: local');
    expect(readdirSync(join(folder, 'dotfiles'))).toEqual(['ours.yaml']);
  });

  it('says where it cannot write', () => {
    const file = join(makeFolder(), 'file', 'config.yaml');
    writeFileSync(join(file, '..'), '');
    expect(() => set('provider', 'local')(file)).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        message: expect.stringContaining('cannot be written: a file stands where its folder'),
      }),
    );
  });
});

describe('unsetConfigValue', () => {
  it('takes away a map with its last key, and keeps all comments but those of what goes', () => {
    expect(changed(WHOLE, unset('profiles.laptop.scheduler.maxWorkers'))).toBe(
      WHOLE.replace(/ {4}scheduler.*\n/, ''),
    );
    expect(changed('# mine\nprofiles:\n  a: { scheduler: simple }\n', unset('profiles.a.scheduler'))).toBe(
      '# mine\n',
    );
    const head = '# mine\nprovider: local\nscheduler: simple\n';
    expect(changed(head, unset('provider'))).toBe('# mine\n\nscheduler: simple\n');
  });

  it('refuses to take away what an alias stands for', () => {
    expect(changed(WHOLE, (file) => expect(() => unset('profiles.laptop')(file)).toThrow(/laptop/))).toBe(
      WHOLE,
    );
  });

  it('gives false for what is not set, and does not touch the file', () => {
    expect(changed(WHOLE, (file) => expect(unset('scheduler.maxWorkers')(file)).toBe(false))).toBe(WHOLE);
  });
});
