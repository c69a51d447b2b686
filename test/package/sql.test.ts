import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const SRC = join(import.meta.dirname, '../../src');

describe('SQL', () => {
  it('binds plain ? only, since Node 22.18 cannot bind ?1', () => {
    const files = globSync('**/*.ts', { cwd: SRC });
    expect(files.length).toBeGreaterThan(100);
    const numbered = /\b(WHERE|AND|OR|VALUES|IN|LIMIT|SET)\b[^\n]*\?\d/;
    expect(files.filter((file) => numbered.test(readFileSync(join(SRC, file), 'utf8')))).toEqual([]);
  });
});
