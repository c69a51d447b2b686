import type { SqlValue } from '../driver.ts';
import type { PageFile } from './page-file.ts';
import { readRecord } from './record.ts';
import { PageKind, readTreePage, type TreePage } from './tree-page.ts';

export interface TreeRow {
  readonly rowId: number;
  readonly values: readonly SqlValue[];
}

export interface Tree {
  readonly root: number;
  readonly isTable: boolean;
  /** Whether a row can be one of this table. */
  readonly accepts: (row: TreeRow) => boolean;
}

/** Is told of every page. */
export interface PageVisit {
  damaged(page: number): void;
  sound?(page: number): void;
}

/**
 * The rows of a table or an index, page by page. A page of which not every row is sound is given up as a whole, and its
 * number goes to `damaged`: half of it may be what a failing disk wrote.
 */
export function* readTree(
  file: PageFile,
  { root, isTable, accepts }: Tree,
  { damaged, sound }: PageVisit,
): Generator<readonly TreeRow[]> {
  const seen = new Set<number>();
  const open = [root];
  for (let number = open.pop(); number !== undefined; number = open.pop()) {
    const isKnown = seen.has(number);
    seen.add(number);
    const page = isKnown ? undefined : readTreePage(file, number);
    const rows = page !== undefined && isOfTree(page, isTable) ? rowsOf(page) : undefined;
    if (page === undefined || rows === undefined || !rows.every(accepts)) {
      damaged(number);
      continue;
    }
    sound?.(number);
    if (page.last !== 0) open.push(page.last);
    open.push(...page.cells.map(({ child }) => child).filter((child) => child !== 0));
    if (rows.length > 0) yield rows;
  }
}

function isOfTree({ kind }: TreePage, isTable: boolean): boolean {
  return isTable === (kind === PageKind.TABLE_BRANCH || kind === PageKind.TABLE_LEAF);
}

/** Undefined where a record is none, or rows do not ascend. */
export function rowsOf({ kind, cells }: TreePage): TreeRow[] | undefined {
  const rows: TreeRow[] = [];
  let before = -Infinity;
  for (const { rowId, payload } of cells) {
    if (kind === PageKind.TABLE_LEAF && rowId <= before) return undefined;
    before = rowId;
    if (payload === undefined) continue;
    const values = readRecord(payload);
    if (values === undefined) return undefined;
    rows.push({ rowId, values });
  }
  return rows;
}
