import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './place.ts';

const PAGE = join(ROOT, 'docs/performance.md');

/** Puts the tables between the marks of the page. */
export function writePage(tables: string): void {
  const text = readFileSync(PAGE, 'utf8');
  const parts = text.split(/(?<=<!-- bench: begin -->\n)|(?=<!-- bench: end -->)/);
  if (parts.length !== 3) throw new Error('docs/performance.md has lost the marks of its tables');
  writeFileSync(PAGE, `${parts[0]}\n${tables}\n\n${parts[2]}`);
}
