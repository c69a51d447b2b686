import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeFolder } from '../helpers/place.ts';
import { runTyped } from '../repl/run-repl.ts';

const ROOT = join(import.meta.dirname, '../..');
const page = readFileSync(join(ROOT, 'docs/repl.md'), 'utf8');

/** The code block of the page that begins with a text, without that. */
function block(beginning: string): string {
  const blocks = [...page.matchAll(/^```\w+\n(.*?)^```$/gms)].map(([, text = '']) => text);
  const found = blocks.filter((text) => text.startsWith(beginning));
  expect(found, beginning).toHaveLength(1);
  return found[0]?.slice(beginning.length) ?? '';
}

/** What differs from one run to the next, and the width of columns with it, is put out of sight. */
function masked(text: string): string {
  return text
    .replaceAll(/\b[0-9a-f]{16}\b/g, 'ID')
    .replaceAll(/path=.*?\)/g, 'PATH')
    .replaceAll(/[\d.]+ (?:ms|s) {2}\d{4}-\d\d-\d\dT[\d:.]+Z {2}\S+/g, 'TIME DATE HOST')
    .replaceAll(/(?<=^KILLED .*ID\s+)\d+$/gm, 'PID')
    .replaceAll(/ {2,}/g, '  ')
    .trim();
}

it('docs/repl.md shows what is typed and what comes', { timeout: 60_000 }, async () => {
  const folder = makeFolder();
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(ROOT, join(folder, 'node_modules/tspipe'));
  symlinkSync(join(ROOT, 'bin/tspipe.js'), join(folder, 'tspipe'));
  writeFileSync(join(folder, 'fits.mjs'), block('// fits.mjs\n'));
  execFileSync(process.execPath, ['fits.mjs'], { cwd: folder, stdio: 'pipe' });

  const walk = block('$ tspipe repl -q ./_tests/fits\n');
  const typed = [...walk.matchAll(/^> (.*)$/gm)].map(([, line = '']) => line);
  expect(typed.at(-1)).toBe('.exit');
  const { code, out } = await runTyped(folder, typed, { queue: './_tests/fits', columns: 500 });
  expect(masked(out)).toBe(masked(walk));
  expect(code).toBe(0);

  const [command = '', ...said] = block('$ echo').split('\n');
  const piped = execFileSync('bash', ['-c', `echo${command}`], {
    cwd: folder,
    env: { ...process.env, PATH: `${folder}:${process.env.PATH}` },
    encoding: 'utf8',
  });
  expect(piped).toBe(said.join('\n'));
});
