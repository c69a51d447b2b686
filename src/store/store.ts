import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { PipeError } from '../errors.ts';
import { Blobs } from './blobs.ts';
import { Doorbell } from './doorbell.ts';
import { Database, isBusy, isNotADatabase, isUnwritable } from './driver.ts';
import { APPLICATION_ID, MIGRATIONS } from './schema.ts';
import { Transaction } from './transaction.ts';

// How long a synchronous insert (at the exit of a script, say) waits for other writers.
const PATIENCE_MS = 60_000;

/**
 * One process's door to a queue file. Reads see the last commit; writes are transactions that begin immediately,
 * so that nothing read in them can have changed before they write.
 */
export class Store {
  readonly path: string;
  /** Folder for blobs, logs and job scripts: `NAME.d` beside `NAME.sqlite`. */
  readonly directory: string;
  readonly blobs: Blobs;
  readonly #db: Database;
  readonly #doorbell: Doorbell;

  constructor(path: string) {
    this.path = path;
    this.directory = path.replace(/\.sqlite$/, '.d');
    const isNew = prepareFolders(path, this.directory);
    this.#db = open(path);
    try {
      initialise(this.#db, path, isNew);
    } catch (error) {
      this.#db.close();
      throw describe(error, path);
    }
    this.blobs = new Blobs(join(this.directory, 'blobs'));
    this.#doorbell = new Doorbell(join(this.directory, 'doorbell'));
  }

  get isOpen(): boolean {
    return this.#db.isOpen;
  }

  /** Reads in one consistent snapshot. */
  read<T>(work: (db: Database) => T): T {
    this.#assertOpen();
    this.#db.exec('BEGIN');
    try {
      return work(this.#db);
    } finally {
      this.#db.exec('COMMIT');
    }
  }

  /** Changes with every commit of another connection, never with one's own. Costs a few microseconds. */
  dataVersion(): number {
    this.#assertOpen();
    return this.#db.get<{ data_version: number }>('PRAGMA data_version')?.data_version ?? 0;
  }

  /** A transaction, or undefined at once when another process is writing. */
  tryWrite<T>(work: (tx: Transaction) => T): { readonly value: T } | undefined {
    this.#assertOpen();
    try {
      this.#db.exec('BEGIN IMMEDIATE');
    } catch (error) {
      if (isBusy(error)) return undefined;
      throw describe(error, this.path);
    }
    const tx = new Transaction(this.#db);
    let value: T;
    try {
      value = work(tx);
      tx.finish();
      this.#db.exec('COMMIT');
    } catch (error) {
      this.#db.exec('ROLLBACK');
      throw error;
    }
    this.#doorbell.ring();
    return { value };
  }

  /** A transaction; waits for other writers without blocking the event loop. */
  async write<T>(work: (tx: Transaction) => T): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      const done = this.tryWrite(work);
      if (done !== undefined) return done.value;
      await delay(pauseMs(attempt));
    }
  }

  /** A transaction that waits by blocking, for the moments when nothing asynchronous can run any more. */
  writeNow<T>(work: (tx: Transaction) => T): T {
    const sleeper = new Int32Array(new SharedArrayBuffer(4));
    const end = performance.now() + PATIENCE_MS;
    for (let attempt = 0; performance.now() < end; attempt++) {
      const done = this.tryWrite(work);
      if (done !== undefined) return done.value;
      Atomics.wait(sleeper, 0, 0, pauseMs(attempt));
    }
    throw new PipeError(
      'QUEUE_BUSY',
      `${this.path} was locked by other processes for ${PATIENCE_MS / 1000} s.`,
    );
  }

  /** Calls `wake` soon after commits of other processes of this host. */
  watch(wake: () => void): { close(): void } {
    return this.#doorbell.watch(wake);
  }

  close(): void {
    this.#db.close();
    this.#doorbell.close();
  }

  #assertOpen(): void {
    if (!this.#db.isOpen)
      throw new PipeError('QUEUE_CLOSED', `The queue ${this.path} is closed. Open it again.`);
  }
}

/** Random, so that waiting processes do not come back together; growing, so that many do not crowd. */
function pauseMs(attempt: number): number {
  return (0.5 + Math.random()) * Math.min(20, 1 + attempt);
}

function prepareFolders(path: string, directory: string): boolean {
  const stat = existsSync(path) ? statSync(path) : undefined;
  if (stat !== undefined && !stat.isFile()) {
    throw new PipeError(
      'QUEUE_NOT_A_FILE',
      `${path} is not a file, so it cannot hold a queue. Choose another name.`,
    );
  }
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    if (stat === undefined || stat.size === 0) mkdirSync(directory, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new PipeError(
      'QUEUE_NOT_WRITABLE',
      `The folder of the queue ${path} cannot be made: ${String(error)}. Choose another base directory.`,
      { cause: error },
    );
  }
  return stat === undefined || stat.size === 0;
}

function open(path: string): Database {
  const umask = process.umask(0o077);
  try {
    return new Database(path);
  } catch (error) {
    throw describe(error, path);
  } finally {
    process.umask(umask);
  }
}

function initialise(db: Database, path: string, isNew: boolean): void {
  if (isNew) retryWhileBusy(() => db.exec('PRAGMA page_size = 2048; PRAGMA journal_mode = WAL;'));
  // The driver may reopen a file with weaker settings than it was made with, so they are set on every connection.
  db.exec('PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 1000; PRAGMA temp_store = MEMORY;');
  assertOurs(db, path);
  if (userVersion(db) === MIGRATIONS.length) return;
  retryWhileBusy(() => db.exec('BEGIN IMMEDIATE'));
  try {
    for (let version = userVersion(db); version < MIGRATIONS.length; version++) {
      db.exec(MIGRATIONS[version] ?? '');
    }
    db.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${MIGRATIONS.length};`);
    db.exec('COMMIT');
  } catch (error) {
    db.exec('ROLLBACK');
    throw error;
  }
}

function assertOurs(db: Database, path: string): void {
  const application = db.get<{ application_id: number }>('PRAGMA application_id')?.application_id;
  const tables = db.get<{ n: number }>('SELECT count(*) n FROM sqlite_schema')?.n ?? 0;
  if (application !== APPLICATION_ID && tables > 0) {
    throw new PipeError(
      'QUEUE_NOT_A_QUEUE',
      `${path} is an SQLite file of another program. Choose another name.`,
    );
  }
  if (userVersion(db) > MIGRATIONS.length) {
    throw new PipeError(
      'QUEUE_TOO_NEW',
      `${path} has format ${userVersion(db)}, this tspipe knows up to ${MIGRATIONS.length}. Install a newer tspipe.`,
    );
  }
}

function userVersion(db: Database): number {
  return db.get<{ user_version: number }>('PRAGMA user_version')?.user_version ?? 0;
}

function retryWhileBusy(work: () => void): void {
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  const end = performance.now() + PATIENCE_MS;
  for (let attempt = 0; ; attempt++) {
    try {
      work();
      return;
    } catch (error) {
      if (!isBusy(error) || performance.now() > end) throw error;
      Atomics.wait(sleeper, 0, 0, pauseMs(attempt));
    }
  }
}

function describe(error: unknown, path: string): unknown {
  if (isNotADatabase(error)) {
    return new PipeError(
      'QUEUE_NOT_A_QUEUE',
      `${path} is no queue file, or it is damaged. Choose another name.`,
      {
        cause: error,
      },
    );
  }
  if (isUnwritable(error)) {
    return new PipeError(
      'QUEUE_NOT_WRITABLE',
      `${path} cannot be opened for writing. Look at the rights of the file and its folder.`,
      { cause: error },
    );
  }
  return error;
}
