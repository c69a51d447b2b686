import type { QueueRepair } from '../store/index.ts';

// More are in `--json`.
const MOST_IDS = 20;

/** What a repair recovered and what is lost, in words. */
export function describeRepair({ path, tables, blobs, removed, again }: QueueRepair): string {
  const rows = tables.map(({ table, rows }) => `${rows} ${table}`).join(', ');
  const damaged = tables.filter(({ pages }) => pages > 0);
  const lines = [`${path} is made of what is whole: ${rows}.`];
  for (const { table, pages } of damaged)
    lines.push(`  Lost: rows of "${table}" on ${counted(pages, 'damaged page')}.`);
  if (removed.length > 0)
    lines.push(
      `  Lost: ${counted(removed.length, 'task')} without arguments, code, options or requirements: ${list(removed)}.`,
    );
  if (again.length > 0)
    lines.push(
      `  Lost: results of ${counted(again.length, 'task')}, which will be run again: ${list(again)}.`,
    );
  if (blobs.length > 0)
    lines.push(`  Lost: ${counted(blobs.length, 'file')} of values or output: ${list(blobs)}.`);
  if (lines.length === 1) lines.push('  Nothing is known to be lost.');
  lines.push('  Run the scripts again on it: they find what is there and add what is missing.');
  return `${lines.join('\n')}\n`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, MOST_IDS).join(', ');
  return names.length > MOST_IDS ? `${shown} and ${names.length - MOST_IDS} more` : shown;
}
