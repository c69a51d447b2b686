import { closeSync, fdatasyncSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { Doorbell } from './doorbell.ts';
import { Database, dataVersion } from './driver.ts';
import { initialise } from './initialise.ts';
import { retryWhileBusy } from './patience.ts';
import { queueDirectory } from './queue-files.ts';
import type { QueueFile } from './queue-file.ts';

/** A queue of one machine: a write-ahead log, and one connection for as long as it is open. */
export class LocalFile implements QueueFile {
  readonly isShared = false;
  readonly #path: string;
  readonly #db: Database;
  readonly #doorbell: Doorbell;
  /** The write-ahead log, once something was synced after its commit. */
  #log: number | undefined;

  constructor(path: string) {
    this.#path = path;
    this.#db = open(path);
    this.#doorbell = new Doorbell(join(queueDirectory(path), 'doorbell'));
  }

  get isOpen(): boolean {
    return this.#db.isOpen;
  }

  use<T>(work: (db: Database) => T): T {
    return work(this.#db);
  }

  prepare(db: Database, isSynced: boolean): void {
    db.syncCommits(isSynced);
  }

  confirm(): void {
    // SQLite's own locks are those of this machine.
  }

  ring(): void {
    this.#doorbell.ring();
  }

  /** The log is one file for as long as a connection is open: the last to close it deletes it. */
  sync(): void {
    this.#log ??= openSync(`${this.#path}-wal`, 'r+');
    fdatasyncSync(this.#log);
  }

  version(): number {
    return dataVersion(this.#db);
  }

  /** With less (2 MB) pages are written several times: random keys in a queue of a million wrote 3.5 KB each, not 1.9. */
  expectMany(): void {
    this.#db.exec('PRAGMA cache_size = -32768');
  }

  watch(wake: () => void): { close(): void } {
    return this.#doorbell.watch(wake);
  }

  close(): void {
    this.#db.close();
    this.#doorbell.close();
    if (this.#log !== undefined) closeSync(this.#log);
    this.#log = undefined;
  }
}

function open(path: string): Database {
  const db = new Database(path);
  try {
    retryWhileBusy(() => initialise(db, path, 'local'));
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}
