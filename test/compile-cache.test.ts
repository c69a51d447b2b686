import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder } from './helpers/place.ts';

const BIN = join(import.meta.dirname, '../bin/tspipe.js');
const NAME = `tspipe-${process.getuid?.()}`;

function start(temporary: string, variables: Readonly<Record<string, string>> = {}): string {
  const own = { TMPDIR: temporary, ...variables };
  const inherited = Object.entries(process.env).filter(([name]) => !/^NODE_.*(CACHE|COVERAGE)$/.test(name));
  return execFileSync(process.execPath, [BIN, '--version'], {
    env: { ...Object.fromEntries(inherited), ...own },
    encoding: 'utf8',
  });
}

const filesIn = (folder: string): string[] => readdirSync(folder, { recursive: true, encoding: 'utf8' });

describe('what our programs compile', () => {
  it('is kept in a temporary folder that only this user may enter', () => {
    const temporary = makeFolder();
    start(temporary);
    expect(readdirSync(temporary)).toEqual([NAME]);
    expect(statSync(join(temporary, NAME)).mode & 0o777).toBe(0o700);
    const files = filesIn(join(temporary, NAME));
    expect(files.length).toBeGreaterThan(1);
    start(temporary);
    expect(filesIn(join(temporary, NAME)).sort()).toEqual(files.sort());
  });

  it('is not kept where others may write, nor behind a link', () => {
    const temporary = makeFolder();
    const open = join(temporary, NAME);
    mkdirSync(open);
    chmodSync(open, 0o770);
    start(temporary);
    expect(filesIn(open)).toEqual([]);
    const linked = makeFolder();
    const target = makeFolder();
    symlinkSync(target, join(linked, NAME));
    start(linked);
    expect(filesIn(target)).toEqual([]);
  });

  it('is kept elsewhere or not at all on request, and need not be kept', () => {
    const temporary = makeFolder();
    const other = join(makeFolder(), 'cache');
    start(temporary, { NODE_COMPILE_CACHE: other });
    start(temporary, { NODE_DISABLE_COMPILE_CACHE: '1' });
    start(temporary, { NODE_V8_COVERAGE: join(other, 'coverage') });
    expect(existsSync(join(temporary, NAME)) ? filesIn(join(temporary, NAME)) : []).toEqual([]);
    expect(filesIn(other).length).toBeGreaterThan(1);
    expect(start(join(temporary, 'missing'))).toMatch(/^\d/);
  });
});
