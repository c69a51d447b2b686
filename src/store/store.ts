import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { PipeError } from '../errors.ts';
import { Blobs } from './blobs.ts';
import type { Database } from './driver.ts';
import { LocalFile } from './local-file.ts';
import { isHeldByOthers, PATIENCE_MS, pauseMs, retryWhileBusy, sleep } from './patience.ts';
import type { QueueFile } from './queue-file.ts';
import { noteClosed, noteOpen } from './open-files.ts';
import { fileIdentity, prepareFiles, queueDirectory, type Share } from './queue-files.ts';
import { chooseMode } from './queue-mode.ts';
import { SharedFile } from './shared-file.ts';
import { SnapshotFile } from './snapshot-file.ts';
import { closedError, describe, goneError } from './store-errors.ts';
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
  /** Why it may only be read, in words after its path; undefined where it may be written. */
  readonly whyOnlyRead: string | undefined;
  readonly #file: QueueFile;
  readonly #identity: string | undefined;

  constructor(path: string, options: StoreOptions = {}) {
    this.path = path;
    this.directory = queueDirectory(path);
    this.whyOnlyRead = options.whyOnlyRead;
    this.#file = open(path, options);
    this.#identity = fileIdentity(path);
    if (this.whyOnlyRead === undefined) noteOpen(this.#identity);
    this.blobs = new Blobs(join(this.directory, 'blobs'));
  }

  get isOpen(): boolean {
    return this.#file.isOpen;
  }

  /** Whether processes of many hosts may use it: whoever works with it writes seldom, and much at once. */
  get isShared(): boolean {
    return this.#file.isShared;
  }

  /** False once the file was deleted, or another took its place: nobody will read what is written here. */
  get isCurrent(): boolean {
    return this.#identity !== undefined && fileIdentity(this.path) === this.#identity;
  }

  /** Throws `QUEUE_MODE` where it is not what is asked for. */
  assertMode(shared: boolean | undefined): void {
    if (this.whyOnlyRead === undefined && shared !== undefined && shared !== this.isShared)
      chooseMode(this.path, shared);
  }

  /** Throws `QUEUE_READ_ONLY` where it may only be read. */
  assertWritable(): void {
    if (this.whyOnlyRead !== undefined)
      throw new PipeError('QUEUE_READ_ONLY', `${this.path} ${this.whyOnlyRead}.`);
  }

  /** Throws `QUEUE_NOT_FOUND` where it is not current: for those who would go on without a write for long. */
  assertCurrent(): void {
    if (!this.isCurrent) throw goneError(this.path);
  }

  /** Reads in one consistent snapshot; reads inside see the same one. */
  read<T>(work: (db: Database) => T): T {
    this.#assertOpen();
    try {
      // A reader, too, finds the file locked for a moment while another process opens or closes it.
      return retryWhileBusy(() =>
        this.#file.use((db) => (db.isInTransaction ? work(db) : readOnce(db, work))),
      );
    } catch (error) {
      throw describe(error, this.path);
    }
  }

  /** Reads by one statement, which is a snapshot by itself: half the time of `read`. */
  readOne<T>(work: (db: Database) => T): T {
    this.#assertOpen();
    try {
      return retryWhileBusy(() => this.#file.use(work));
    } catch (error) {
      throw describe(error, this.path);
    }
  }

  /** Changes with every commit of another connection, never with one's own. Costs a few microseconds. */
  dataVersion(): number {
    this.#assertOpen();
    return this.#file.version();
  }

  /** A transaction, or undefined at once when another process is writing. */
  tryWrite<T>(work: (tx: Transaction) => T, sync: Sync = 'before'): { readonly value: T } | undefined {
    this.#assertOpen();
    this.assertWritable();
    this.assertCurrent();
    let value: T;
    try {
      value = this.#file.use((db) => this.#transact(db, work, sync));
    } catch (error) {
      if (isHeldByOthers(error)) return undefined;
      throw describe(error, this.path);
    }
    this.#file.ring();
    if (sync === 'after') this.#sync();
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

  /** For large transactions: with room for all pages that they change. */
  expectMany(): void {
    this.#file.expectMany();
  }

  /** Calls `wake` soon after commits of processes of this host, this one too. */
  watch(wake: () => void): { close(): void } {
    return this.#file.watch(wake);
  }

  close(): void {
    if (this.isOpen && this.whyOnlyRead === undefined) noteClosed(this.#identity);
    this.#file.close();
  }

  #transact<T>(db: Database, work: (tx: Transaction) => T, sync: Sync): T {
    this.#file.prepare(db, sync === 'before');
    db.run('BEGIN IMMEDIATE');
    try {
      const tx = new Transaction(db);
      const value = work(tx);
      tx.finish();
      this.#file.confirm();
      db.run('COMMIT');
      return value;
    } catch (error) {
      db.rollback();
      throw error;
    }
  }

  #sync(): void {
    try {
      this.#file.sync();
    } catch (error) {
      throw describe(error, this.path);
    }
  }

  #assertOpen(): void {
    if (!this.isOpen) throw closedError(this.path);
  }
}

/**
 * `shared`: for many hosts, where the file is yet to be made; by default where its file system may be of many.
 * `share`: with whom, where the file is yet to be made, or is this user's. `whyOnlyRead`: nothing is written, beside the
 * file neither.
 */
export interface StoreOptions {
  readonly shared?: boolean | undefined;
  readonly share?: Share | undefined;
  readonly whyOnlyRead?: string | undefined;
}

function open(path: string, { shared, share, whyOnlyRead }: StoreOptions): QueueFile {
  if (whyOnlyRead === undefined) prepareFiles(path, share);
  try {
    if (whyOnlyRead !== undefined) return new SnapshotFile(path);
    return chooseMode(path, shared) === 'shared' ? new SharedFile(path) : new LocalFile(path);
  } catch (error) {
    throw describe(error, path);
  }
}

function readOnce<T>(db: Database, work: (db: Database) => T): T {
  db.run('BEGIN');
  try {
    return work(db);
  } finally {
    db.rollback();
  }
}
