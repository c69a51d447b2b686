import { Database, type SqlValue } from '../driver.ts';
import { initialise } from '../initialise.ts';
import { JSON_COLUMNS } from '../check/check-texts.ts';

interface Column {
  readonly name: string;
  readonly type: string;
  readonly notnull: number;
  readonly dflt_value: string | null;
}

/** A table of this version, and what can stand in its rows. */
export interface TableShape {
  readonly name: string;
  readonly columns: readonly string[];
  /** Where its rows have ids: the column that is this id, or -1. */
  readonly idColumn: number;
  readonly hasRowIds: boolean;
  /** Where it begins in a new file. */
  readonly root: number;
  /** The values of all columns; undefined where a row cannot be one of this table. */
  readonly complete: (rowId: number, values: readonly SqlValue[]) => SqlValue[] | undefined;
}

/** The tables that hold what cannot be computed from others. */
export function tableShapes(): TableShape[] {
  const db = new Database(':memory:');
  try {
    initialise(db, ':memory:');
    const tables = db.all<{ name: string; rootpage: number; sql: string }>(
      "SELECT name, rootpage, sql FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'tally'",
    );
    return tables.map(({ name, rootpage, sql }) => {
      const columns = db.all<Column & { pk: number }>(`PRAGMA table_info(${name})`);
      const hasRowIds = !/WITHOUT ROWID/.test(sql);
      const idColumn = hasRowIds ? columns.findIndex(({ pk, type }) => pk === 1 && type === 'INTEGER') : -1;
      const json = new Set(JSON_COLUMNS.find(([table]) => table === name)?.slice(1));
      const complete = (rowId: number, values: readonly SqlValue[]): SqlValue[] | undefined => {
        if (values.length > columns.length) return undefined;
        const full = columns.map((column, at) =>
          at === idColumn ? rowId : at < values.length ? (values[at] ?? null) : defaultOf(column),
        );
        const isSound = columns.every((column, at) => isOf(column, full[at] ?? null, json.has(column.name)));
        return isSound && (idColumn < 0 || values[idColumn] === null) ? full : undefined;
      };
      return { name, columns: columns.map((one) => one.name), idColumn, hasRowIds, root: rootpage, complete };
    });
  } finally {
    db.close();
  }
}

// Columns that were added later are missing in older rows.
function defaultOf({ dflt_value }: Column): SqlValue {
  return dflt_value === null ? null : Number(dflt_value);
}

// Nobody writes such a text, but a disk does.
const ERASED = '\0'.repeat(8);

function isOf({ name, type, notnull }: Column, value: SqlValue, isJson: boolean): boolean {
  if (value === null) return notnull === 0;
  if (name === 'state' && type === 'INTEGER')
    return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 9;
  if (type === 'INTEGER') return Number.isSafeInteger(value);
  if (type === 'REAL') return typeof value === 'number';
  if (type === 'BLOB') return value instanceof Uint8Array;
  if (type === '') return true;
  return typeof value === 'string' && !value.includes(ERASED) && (!isJson || isJsonText(value));
}

function isJsonText(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return text.startsWith('#');
  }
}
