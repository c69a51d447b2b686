import type { Database, SqlValue } from '../driver.ts';
import { collectLonePages } from './lone-pages.ts';
import type { PageFile } from './page-file.ts';
import { readTree, type TreeRow } from './read-tree.ts';
import { type TableShape, tableShapes } from './table-shapes.ts';

/** What was read of a table. */
export interface TableLoss {
  readonly table: string;
  readonly rows: number;
  /** Pages that were given up, with all that stands on them or is reached by them. */
  readonly pages: number;
}

/** Puts all rows of a damaged file that are sound into a new one. */
export function collectRows(file: PageFile, db: Database): TableLoss[] {
  const shapes = tableShapes();
  const known = new Set<number>();
  const roots = rootsOf(file, known);
  const losses = shapes.map((shape) => {
    const source = { shape, root: roots.get(shape.name) ?? shape.root, known };
    return shape.name === 'requires'
      ? collectRequirements(file, db, { ...source, index: roots.get('requires_requirement') })
      : collect(file, db, source);
  });
  const damaged = shapes.filter((_, at) => (losses[at]?.pages ?? 0) > 0);
  const lone = collectLonePages(file, db, { known, damaged });
  return losses.map((loss) => ({ ...loss, rows: loss.rows + (lone.get(loss.table) ?? 0) }));
}

interface Source {
  readonly shape: TableShape;
  readonly root: number;
  /** Pages that belong to some table, sound or not. */
  readonly known: Set<number>;
}

function collect(file: PageFile, db: Database, { shape, root, known }: Source): TableLoss {
  const { name, columns, complete, hasRowIds: isTable } = shape;
  const head = `INSERT OR IGNORE INTO ${name} (${columns.join()})`;
  let rows = 0;
  let pages = 0;
  const accepts = ({ rowId, values }: TreeRow): boolean => complete(rowId, values) !== undefined;
  const visit = {
    damaged: (page: number) => {
      known.add(page);
      pages++;
    },
    sound: (page: number) => known.add(page),
  };
  for (const found of readTree(file, { root, isTable, accepts }, visit)) {
    const full = found.map(({ rowId, values }) => complete(rowId, values) ?? []);
    db.insert(head, full);
    rows += full.length;
  }
  return { table: name, rows, pages };
}

/** An index holds all that a requirement is, so that a row is lost only where both are damaged. */
function collectRequirements(
  file: PageFile,
  db: Database,
  { shape, root, known, index }: Source & { readonly index: number | undefined },
): TableLoss {
  const first = collect(file, db, { shape, root, known });
  if (first.pages === 0 || index === undefined) return first;
  const isRow = (values: readonly SqlValue[]): boolean =>
    values.length === 4 && values.every(Number.isSafeInteger);
  const accepts = ({ values }: TreeRow): boolean => isRow(values);
  let pages = 0;
  for (const found of readTree(file, { root: index, isTable: false, accepts }, { damaged: () => pages++ })) {
    const rows = found.map(({ values }) => [...values]);
    db.insert('INSERT OR IGNORE INTO requires (requirement, task, kind, position)', rows);
  }
  const rows = db.get<{ n: number }>('SELECT count(*) n FROM requires')?.n ?? 0;
  return { table: shape.name, rows, pages: Math.min(first.pages, pages) };
}

/** Where tables and indexes begin, as the file says; what it does not say is where it is in a new file. */
function rootsOf(file: PageFile, known: Set<number>): ReadonlyMap<string, number> {
  const roots = new Map<string, number>();
  const note = (page: number): void => void known.add(page);
  const visit = { damaged: note, sound: note };
  const accepts = ({ values }: TreeRow): boolean => values.length === 5 && typeof values[1] === 'string';
  for (const rows of readTree(file, { root: 1, isTable: true, accepts }, visit)) {
    for (const { values } of rows) roots.set(String(values[1]), Number(values[3]));
  }
  return roots;
}
