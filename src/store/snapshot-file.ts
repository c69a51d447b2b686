import { join } from 'node:path';
import { Doorbell } from './doorbell.ts';
import { dataVersion, type Database } from './driver.ts';
import { type FileStamp, isUnchanged, stampOf } from './file-stamp.ts';
import { isOpenForWriting } from './open-files.ts';
import { queueDirectory } from './queue-files.ts';
import type { QueueFile } from './queue-file.ts';
import { openSnapshot } from './snapshot.ts';

const LEAST_AGE_MS = 1000;
// At most a twentieth of the time goes into copies.
const AGE_BY_COST = 20;

/** A queue that may only be read, of one machine or of many: a copy, made anew now and then when it has changed. */
export class SnapshotFile implements QueueFile {
  readonly isShared = false;
  readonly #path: string;
  #db: Database;
  #stamp: FileStamp;
  #copies = 0;
  /** In milliseconds of the monotonic clock. */
  #renewAt = 0;

  constructor(path: string) {
    this.#path = path;
    this.#stamp = stampOf(path);
    this.#db = this.#open();
  }

  get isOpen(): boolean {
    return this.#db.isOpen;
  }

  use<T>(work: (db: Database) => T): T {
    this.#renew();
    return work(this.#db);
  }

  /** Others than this one write: SQLite refuses on this connection. */
  prepare(): void {}
  confirm(): void {}
  ring(): void {}
  sync(): void {}
  expectMany(): void {}

  version(): number {
    this.#renew();
    return this.#copies + dataVersion(this.#db);
  }

  watch(wake: () => void): { close(): void } {
    return new Doorbell(join(queueDirectory(this.#path), 'doorbell')).watch(wake, { isMade: false });
  }

  close(): void {
    this.#db.close();
  }

  #renew(): void {
    if (performance.now() < this.#renewAt || this.#db.isInTransaction || isOpenForWriting(this.#path)) return;
    const stamp = stampOf(this.#path);
    this.#renewAt = performance.now() + LEAST_AGE_MS;
    if (isUnchanged(this.#stamp, stamp)) return;
    const older = this.#db;
    this.#db = this.#open();
    this.#stamp = stamp;
    this.#copies++;
    older.close();
  }

  #open(): Database {
    const start = performance.now();
    const db = openSnapshot(this.#path);
    const now = performance.now();
    this.#renewAt = now + Math.max(LEAST_AGE_MS, AGE_BY_COST * (now - start));
    return db;
  }
}
