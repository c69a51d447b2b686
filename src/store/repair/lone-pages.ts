import type { Database } from '../driver.ts';
import { freePages } from './free-pages.ts';
import type { PageFile } from './page-file.ts';
import { rowsOf } from './read-tree.ts';
import type { TableShape } from './table-shapes.ts';
import { PageKind, readTreePage } from './tree-page.ts';

/**
 * Puts in the rows of pages that no table leads to any more, since a page above them is damaged; returns how many by
 * table. In a sound file every page is in a tree, goes on with a row, or is free: so a page of rows that is neither
 * known nor free is one of those. `damaged` are the tables that lost pages; a page that fits two of them is left.
 */
export function collectLonePages(
  file: PageFile,
  db: Database,
  { known, damaged }: { readonly known: ReadonlySet<number>; readonly damaged: readonly TableShape[] },
): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  const tables = damaged.filter(({ hasRowIds }) => hasRowIds);
  const free = tables.length === 0 ? undefined : freePages(file);
  if (free === undefined) return found;
  for (let number = 2; number <= file.count; number++) {
    if (known.has(number) || free.has(number)) continue;
    const page = readTreePage(file, number);
    const rows = page?.kind === PageKind.TABLE_LEAF ? rowsOf(page) : undefined;
    if (rows === undefined || rows.length === 0) continue;
    const fitting = tables.filter(({ complete }) => rows.every((row) => complete(row.rowId, row.values)));
    const [table] = fitting;
    if (table === undefined || fitting.length > 1) continue;
    const full = rows.map(({ rowId, values }) => table.complete(rowId, values) ?? []);
    db.insert(`INSERT OR IGNORE INTO ${table.name} (${table.columns.join()})`, full);
    found.set(table.name, (found.get(table.name) ?? 0) + rows.length);
  }
  return found;
}
