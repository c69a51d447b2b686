import { closeSync, fdatasyncSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { PipeError } from '../errors.ts';
import { Blobs } from './blobs.ts';
import { Doorbell } from './doorbell.ts';
import { Database, dataVersion, isBusy, isNotADatabase, isOutOfRoom, isUnwritable } from './driver.ts';
import { initialise } from './initialise.ts';
import { PATIENCE_MS, pauseMs, retryWhileBusy, sleep } from './patience.ts';
import { fileIdentity, prepareFiles, queueDirectory } from './queue-files.ts';
import { Transaction } from './transaction.ts';

/**
 * When a transaction goes to the disk: `before` anybody sees it; `after`, when others have been woken by it but before
 * the caller goes on; or with the `next` one that is synced, whoever's it is.
 *
 * The log is written and read back in order, and a sync is one of the whole file: so a transaction on the disk has all
 * before it there as well. A power cut takes back only the newest ones that were not synced, all of them, and it ends
 * every process that saw them.
 */
export type Sync = 'before' | 'after' | 'next';

/**
 * One process's door to a queue file. Reads see the last commit; writes are transactions that begin immediately,
 * so that nothing read in them can have changed before they write.
 */
export class Store {
  readonly path: string;
  /** Folder for blobs, logs and job scripts. */
  readonly directory: string;
  readonly blobs: Blobs;
  readonly #db: Database;
  readonly #doorbell: Doorbell;
  readonly #file: string | undefined;
  /** The write-ahead log, once something was synced after its commit. */
  #log: number | undefined;

  constructor(path: string) {
    this.path = path;
    this.directory = queueDirectory(path);
    prepareFiles(path);
    this.#db = open(path);
    this.#file = fileIdentity(path);
    this.blobs = new Blobs(join(this.directory, 'blobs'));
    this.#doorbell = new Doorbell(join(this.directory, 'doorbell'));
  }

  get isOpen(): boolean {
    return this.#db.isOpen;
  }

  /** False once the file was deleted, or another took its place: nobody will read what is written here. */
  get isCurrent(): boolean {
    return this.#file !== undefined && fileIdentity(this.path) === this.#file;
  }

  /** Throws `QUEUE_NOT_FOUND` where it is not current: for those who would go on without a write for long. */
  assertCurrent(): void {
    if (!this.isCurrent) throw goneError(this.path);
  }

  /** Reads in one consistent snapshot; reads inside see the same one. */
  read<T>(work: (db: Database) => T): T {
    this.#assertOpen();
    if (this.#db.isInTransaction) return work(this.#db);
    try {
      // A reader, too, finds the file locked for a moment while another process opens or closes it.
      return retryWhileBusy(() => this.#readOnce(work));
    } catch (error) {
      throw describe(error, this.path);
    }
  }

  /** Reads by one statement, which is a snapshot by itself: half the time of `read`. */
  readOne<T>(work: (db: Database) => T): T {
    this.#assertOpen();
    try {
      return retryWhileBusy(() => work(this.#db));
    } catch (error) {
      throw describe(error, this.path);
    }
  }

  /** Changes with every commit of another connection, never with one's own. Costs a few microseconds. */
  dataVersion(): number {
    this.#assertOpen();
    return dataVersion(this.#db);
  }

  /** A transaction, or undefined at once when another process is writing. */
  tryWrite<T>(work: (tx: Transaction) => T, sync: Sync = 'before'): { readonly value: T } | undefined {
    this.#assertOpen();
    this.assertCurrent();
    try {
      this.#db.syncCommits(sync === 'before');
      this.#db.run('BEGIN IMMEDIATE');
    } catch (error) {
      if (isBusy(error)) return undefined;
      throw describe(error, this.path);
    }
    const tx = new Transaction(this.#db);
    let value: T;
    try {
      value = work(tx);
      tx.finish();
      this.#db.run('COMMIT');
    } catch (error) {
      this.#db.rollback();
      throw describe(error, this.path);
    }
    this.#doorbell.ring();
    if (sync === 'after') this.#syncLog();
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
  writeNow<T>(work: (tx: Transaction) => T, sync: Sync = 'before'): T {
    const end = performance.now() + PATIENCE_MS;
    for (let attempt = 0; performance.now() < end; attempt++) {
      const done = this.tryWrite(work, sync);
      if (done !== undefined) return done.value;
      sleep(pauseMs(attempt));
    }
    throw new PipeError(
      'QUEUE_BUSY',
      `${this.path} was locked by other processes for ${PATIENCE_MS / 1000} s. Which program holds it?`,
    );
  }

  /**
   * For large transactions: with room for all pages that they change. With less (2 MB) pages are written several times,
   * and random keys in a queue of a million wrote 3.5 KB each instead of 1.9.
   */
  expectMany(): void {
    this.#db.exec('PRAGMA cache_size = -32768');
  }

  /** Calls `wake` soon after commits of processes of this host, this one too. */
  watch(wake: () => void): { close(): void } {
    return this.#doorbell.watch(wake);
  }

  close(): void {
    this.#db.close();
    this.#doorbell.close();
    if (this.#log !== undefined) closeSync(this.#log);
    this.#log = undefined;
  }

  /** The log is one file for as long as a connection is open: the last to close it deletes it. */
  #syncLog(): void {
    try {
      this.#log ??= openSync(`${this.path}-wal`, 'r+');
      fdatasyncSync(this.#log);
    } catch (error) {
      throw describe(error, this.path);
    }
  }

  #readOnce<T>(work: (db: Database) => T): T {
    this.#db.run('BEGIN');
    try {
      return work(this.#db);
    } finally {
      this.#db.rollback();
    }
  }

  #assertOpen(): void {
    if (!this.#db.isOpen) throw closedError(this.path);
  }
}

/** The error for a queue that this process closed. */
export function closedError(path: string): PipeError {
  return new PipeError('QUEUE_CLOSED', `The queue ${path} is closed. Open it again.`);
}

/** The error for a queue whose file was deleted, or replaced, while it was open. */
export function goneError(path: string): PipeError {
  return new PipeError(
    'QUEUE_NOT_FOUND',
    `The file of the queue ${path} was deleted, or replaced, while it was in use. Open the queue again.`,
  );
}

function open(path: string): Database {
  let db: Database | undefined;
  try {
    const opened = new Database(path);
    db = opened;
    retryWhileBusy(() => initialise(opened, path));
    return opened;
  } catch (error) {
    db?.close();
    throw describe(error, path);
  }
}

function describe(error: unknown, path: string): unknown {
  if (isNotADatabase(error)) {
    return new PipeError(
      'QUEUE_NOT_A_QUEUE',
      `${path} is no queue file, or it is damaged. Choose another name, or restore it from a copy.`,
      { cause: error },
    );
  }
  if (isOutOfRoom(error)) {
    return new PipeError(
      'DISK_FULL',
      `${path} cannot be written: ${String(error instanceof Error ? error.message : error)}. Make room on its disk; nothing of it is half-done.`,
      { cause: error },
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
