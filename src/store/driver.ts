import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { PipeError } from '../errors.ts';

/** What SQLite stores in a column. */
export type SqlValue = null | number | string | Uint8Array;

const BUSY = 5;
const IOERR = 10;
const CORRUPT = 11;
const FULL = 13;
const CANTOPEN = 14;
const NOTADB = 26;
const READONLY = 8;
const TOOBIG = 18;

/** What a connection has that is only for a while. */
export interface ConnectionLease {
  /** Changes with every commit of others. */
  readonly version: number;
  /** Is called before each statement; throws where the while is over. */
  renew(): void;
}

/**
 * `isReadOnly` makes no files, and writes to none. `keepsLog` only reads as well, beside others that write: what stands
 * in the write-ahead log stays there, where the last to leave would else put it into the file.
 */
export interface ConnectionOptions {
  readonly isReadOnly?: boolean;
  readonly keepsLog?: boolean;
}

/**
 * The only file that knows the SQLite driver. It never waits inside SQLite: a locked database raises at once, and
 * whoever calls retries (see `Store.write`), since a synchronous wait behind another writer stalls the event loop.
 */
export class Database {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  /** Unknown for a new connection. */
  #syncsCommits: boolean | undefined;
  readonly #tupleStatements = new Map<string, StatementSync>();
  readonly #lease: ConnectionLease | undefined;

  constructor(
    path: string,
    lease?: ConnectionLease,
    { isReadOnly = false, keepsLog = false }: ConnectionOptions = {},
  ) {
    const sqlite = loadSqlite();
    this.#lease = lease;
    const place = isReadOnly ? readOnlyUrl(path) : path;
    this.#db = new sqlite.DatabaseSync(place, { timeout: 0, readOnly: isReadOnly || keepsLog });
  }

  /** Of what others have written, where the connection is one for a while; undefined where SQLite tells. */
  get version(): number | undefined {
    return this.#lease?.version;
  }

  get isOpen(): boolean {
    return this.#db.isOpen;
  }

  get isInTransaction(): boolean {
    return this.#db.isTransaction;
  }

  /** Ends a transaction without effect. SQLite may have done so by itself, when the disk is full, say. */
  rollback(): void {
    if (this.#db.isOpen && this.#db.isTransaction) this.run('ROLLBACK');
  }

  /**
   * Whether COMMIT returns, and shows others what it committed, only when that is on the disk. Not inside a transaction.
   * Else only a checkpoint is synced, which keeps the file whole.
   */
  syncCommits(wanted: boolean): void {
    if (wanted === this.#syncsCommits) return;
    this.#db.exec(`PRAGMA synchronous = ${wanted ? 'FULL' : 'NORMAL'}`);
    this.#syncsCommits = wanted;
  }

  exec(sql: string): void {
    this.#db.exec(sql);
  }

  /** All rows. The caller states the row's type, which its own SQL decides. */
  all<Row>(sql: string, ...values: SqlValue[]): Row[] {
    return this.#prepare(sql).all(...values) as Row[];
  }

  /** All rows as tuples, in half the time: for what is read by the thousand. */
  tuples<Row extends readonly SqlValue[]>(sql: string, ...values: SqlValue[]): Row[] {
    this.#lease?.renew();
    let statement = this.#tupleStatements.get(sql);
    if (statement === undefined) {
      statement = this.#db.prepare(sql);
      statement.setReturnArrays(true);
      this.#tupleStatements.set(sql, statement);
    }
    return statement.all(...values) as unknown as Row[];
  }

  /** Rows as tuples, each read when it is asked for: for what may be as many as there are tasks. */
  *eachTuple<Row extends readonly SqlValue[]>(sql: string, ...values: SqlValue[]): Generator<Row> {
    const statement = this.#db.prepare(sql);
    statement.setReturnArrays(true);
    for (const row of statement.iterate(...values)) yield row as unknown as Row;
  }

  /** The first row, or undefined. */
  get<Row>(sql: string, ...values: SqlValue[]): Row | undefined {
    return this.#prepare(sql).get(...values) as Row | undefined;
  }

  /** Runs a statement; returns the number of changed rows and the last row id inserted. */
  run(sql: string, ...values: SqlValue[]): { readonly changes: number; readonly rowId: number } {
    const { changes, lastInsertRowid } = this.#prepare(sql).run(...values);
    return { changes: Number(changes), rowId: Number(lastInsertRowid) };
  }

  /**
   * Inserts rows into the table and columns that `head` names; returns the id of the last one. Many rows go in one
   * statement: a statement costs as much as some of its rows.
   */
  insert(head: string, rows: readonly (readonly SqlValue[])[]): number {
    let rowId = 0;
    const statements = insertStatements(head, rows[0]?.length ?? 0);
    for (let at = 0; at < rows.length; ) {
      const isMany = rows.length - at >= ROWS_AT_ONCE;
      const next = at + (isMany ? ROWS_AT_ONCE : 1);
      ({ rowId } = this.run(isMany ? statements.many : statements.one, ...rows.slice(at, next).flat()));
      at = next;
    }
    return rowId;
  }

  close(): void {
    this.#statements.clear();
    this.#tupleStatements.clear();
    if (this.#db.isOpen) this.#db.close();
  }

  #prepare(sql: string): StatementSync {
    this.#lease?.renew();
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

/** Without the last part SQLite would write to shared memory where it may. */
function readOnlyUrl(path: string): URL {
  const url = pathToFileURL(path);
  url.search = 'mode=ro&readonly_shm=1';
  return url;
}

/** Changes with every commit of another connection, never with one's own. Costs a few microseconds. */
export function dataVersion(db: Database): number {
  return db.version ?? db.get<{ data_version: number }>('PRAGMA data_version')?.data_version ?? 0;
}

const ROWS_AT_ONCE = 32;

interface InsertStatements {
  readonly one: string;
  readonly many: string;
}

const inserts = new Map<string, InsertStatements>();

function insertStatements(head: string, width: number): InsertStatements {
  let known = inserts.get(head);
  if (known === undefined) {
    known = { one: insertStatement(head, width, 1), many: insertStatement(head, width, ROWS_AT_ONCE) };
    inserts.set(head, known);
  }
  return known;
}

function insertStatement(head: string, width: number, count: number): string {
  const row = `(${Array(width).fill('?').join()})`;
  return `${head} VALUES ${Array(count).fill(row).join()}`;
}

/** Loaded here and not by an import, which would end in a message about a missing module where Node is too old. */
function loadSqlite(): typeof import('node:sqlite') {
  const sqlite = loadQuietly();
  if (sqlite !== undefined && 'DatabaseSync' in sqlite) return sqlite;
  throw new PipeError(
    'NODE_TOO_OLD',
    `tspipe needs Node 22.18 or newer, this is ${process.version}. Install a newer Node: https://nodejs.org.`,
  );
}

/** Node 22 warns of an experiment, about which users of tspipe can do nothing. */
function loadQuietly(): typeof import('node:sqlite') | undefined {
  const { emitWarning } = process;
  process.emitWarning = () => undefined;
  try {
    return process.getBuiltinModule?.('node:sqlite');
  } finally {
    process.emitWarning = emitWarning;
  }
}

function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number')
    return undefined;
  return error.errcode & 0xff;
}

export function isSqliteError(error: unknown): boolean {
  return sqliteCode(error) !== undefined;
}

export function isBusy(error: unknown): boolean {
  return sqliteCode(error) === BUSY;
}

export function isNotADatabase(error: unknown): boolean {
  const code = sqliteCode(error);
  return (
    code === NOTADB || code === CORRUPT || code === TOOBIG || isBeyondNumbers(error) || isWithoutTable(error)
  );
}

/** Our statements name only what is there, as long as nothing wrote over the page that says what is there. */
function isWithoutTable(error: unknown): boolean {
  return (
    error instanceof Error &&
    isSqliteError(error) &&
    /^(no such (table|column)|unsupported file format)/.test(error.message)
  );
}

/** We store no integer that JavaScript cannot hold. */
function isBeyondNumbers(error: unknown): boolean {
  return error instanceof RangeError && 'code' in error && error.code === 'ERR_OUT_OF_RANGE';
}

/** No room, a quota used up, or a file larger than the process may make: what SQLite calls full, or an I/O error. */
export function isOutOfRoom(error: unknown): boolean {
  const code = sqliteCode(error);
  return code === FULL || code === IOERR;
}

export function isUnwritable(error: unknown): boolean {
  const code = sqliteCode(error);
  return code === READONLY || code === CANTOPEN;
}
