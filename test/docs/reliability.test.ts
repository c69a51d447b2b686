import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const page = readFileSync(join(ROOT, 'docs/reliability.md'), 'utf8');

it('docs/reliability.md names tests that are there, for every promise', () => {
  const rows = page.split('\n').filter((line) => line.startsWith('| ') && !line.includes('---'));
  expect(rows.length).toBeGreaterThan(10);
  for (const row of rows.slice(1)) expect(row).toMatch(/`test\/\S+\.test\.ts`/);
  const named = [...page.matchAll(/`(test\/\S+\.test\.ts)`/g)].map(([, path = '']) => path);
  expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});
