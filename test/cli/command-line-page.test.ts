import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandLinePage } from '../../scripts/command-line.ts';

describe('docs/command-line.md', () => {
  it('is what the program says (else: node scripts/command-line.ts)', () => {
    const page = readFileSync(join(import.meta.dirname, '../../docs/command-line.md'), 'utf8');
    expect(page).toBe(commandLinePage());
  });

  it('has an example for every command', () => {
    const sections = commandLinePage().split('\n## ').slice(2);
    expect(sections.length).toBeGreaterThan(12);
    for (const section of sections) expect(section).toMatch(/\nExamples?:\n {2}.*\btspipe /);
  });
});
