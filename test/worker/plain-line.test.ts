import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { plainCommand } from '../../src/worker/plain-line.ts';
import { makeFolder } from '../helpers/place.ts';

const env = { PATH: process.env['PATH'] };

describe('a line of a bash app', () => {
  it('that is a program and plain words needs no shell', () => {
    expect(plainCommand('true', env)).toEqual({ file: 'true', args: [] });
    const words = ['-n', '--number=3', 'a/b.csv', 'x@y', '50%', 'k=v,w:z', '+1', '_'];
    expect(plainCommand(` sort\t${words.join('  ')}\n`, env)).toEqual({ file: 'sort', args: words });
    expect(plainCommand(process.execPath, {})).toEqual({ file: process.execPath, args: [] });
  });

  it.each([
    'ls; ls',
    'ls | sort',
    'ls > out',
    'ls *.csv',
    'ls ~',
    'echo $HOME',
    'sort "a b"',
    "sort 'a'",
    'sort a\\ b',
    'sort {a,b}',
    'sort a\nsort b',
    'sort # by name',
    'sort `ls`',
    'sort &',
    'sort a?',
    'sort [a]',
    'A=1 sort',
    '! true',
    '',
  ])('that a shell has to look at is for one: %j', (line) => {
    expect(plainCommand(line, env)).toBeUndefined();
  });

  it.each(['cd /', 'exit 3', 'export A', 'module load x', 'time ls', 'echo a', 'no-such-program a'])(
    'that begins with what is no program, or a builtin of the shell, is for one: %j',
    (line) => {
      expect(plainCommand(line, env)).toBeUndefined();
    },
  );

  it('is for a shell where that begins with more than the line, or has a function of that name', () => {
    for (const name of ['BASH_ENV', 'SHELLOPTS', 'BASHOPTS', 'BASH_FUNC_sort%%'])
      expect(plainCommand('sort a', { ...env, [name]: 'x' })).toBeUndefined();
  });

  it('finds programs in the folders of PATH that may be executed, as a shell does', () => {
    const folder = makeFolder();
    const path = join(folder, 'own-program');
    writeFileSync(path, '', { mode: 0o644 });
    expect(plainCommand('own-program', { PATH: folder })).toBeUndefined();
    writeFileSync(join(folder, 'other-program'), '', { mode: 0o755 });
    expect(plainCommand('other-program', { PATH: `/no/such:${folder}` })).toBeDefined();
    expect(plainCommand('other-program', {})).toBeUndefined();
    // No folder at all: what cannot be looked into has no programs.
    expect(plainCommand('other-program', { PATH: `${path}/bin:${folder}` })).toBeDefined();
  });
});
