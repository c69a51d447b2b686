import { join } from 'node:path';
import { PipeError } from '../errors.ts';
import { CommitCount } from './commit-count.ts';
import { Database } from './driver.ts';
import { readHeader } from './file-header.ts';
import { HostLock, LockTaken } from './host-lock.ts';
import { initialise, prepareShared } from './initialise.ts';
import { PATIENCE_MS, retryWhileBusy } from './patience.ts';
import { queueDirectory } from './queue-files.ts';
import type { QueueFile } from './queue-file.ts';
import { writeMark } from './queue-mode.ts';
import { goneError } from './store-errors.ts';

/**
 * A queue that several hosts use. Nobody has it open but whoever has its lock, and only for one transaction: SQLite's
 * own locks do not reach other hosts everywhere, and a file that is opened afresh is what network file systems promise
 * to show as it is now. There is no write-ahead log, for it needs memory that all share.
 */
export class SharedFile implements QueueFile {
  readonly isShared = true;
  readonly #path: string;
  readonly #lock: HostLock;
  readonly #count: CommitCount;
  #db: Database | undefined;
  #isOpen = true;
  /** Commits of this process that `version` leaves out. */
  #own = 0;
  #isLarge = false;
  /** Since when this host is shown an old copy, in milliseconds of the monotonic clock. */
  #staleSince: number | undefined;

  constructor(path: string) {
    this.#path = path;
    const directory = queueDirectory(path);
    this.#lock = new HostLock(join(directory, 'lock'));
    this.#count = new CommitCount(join(directory, 'doorbell'));
    retryWhileBusy(() =>
      this.#underLock((db) => {
        writeMark(path, 'shared');
        initialise(db, path, 'shared');
      }),
    );
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  use<T>(work: (db: Database) => T): T {
    if (this.#db !== undefined) return work(this.#db);
    return this.#underLock((db) => {
      prepareShared(db, this.#isLarge);
      return work(db);
    });
  }

  prepare(): void {
    // Every commit is synced: without a log a power cut may else break the file.
  }

  confirm(): void {
    this.#lock.confirm();
  }

  ring(): void {
    // When the file is closed: see `#underLock`.
  }

  sync(): void {
    // It is.
  }

  version(): number {
    return this.#count.read() - this.#own;
  }

  expectMany(): void {
    this.#isLarge = true;
  }

  watch(wake: () => void): { close(): void } {
    return this.#count.watch(wake);
  }

  close(): void {
    this.#isOpen = false;
    this.#lock.close();
  }

  #underLock<T>(work: (db: Database) => T): T {
    if (!this.#lock.tryTake()) throw new LockTaken(this.#path);
    try {
      const changes = this.#changesNow();
      const value = this.#connected(work, changes);
      this.#tell(changes);
      return value;
    } finally {
      this.#lock.release();
    }
  }

  #connected<T>(work: (db: Database) => T, changes: number): T {
    const db = new Database(this.#path, { renew: () => this.#lock.renew(), version: changes - this.#own });
    this.#db = db;
    try {
      return work(db);
    } finally {
      this.#db = undefined;
      db.close();
    }
  }

  /** The number of commits in the file; refuses what is not the newest of it. */
  #changesNow(): number {
    const header = readHeader(this.#path);
    if (header?.isLogged) throw goneError(this.#path);
    const changes = header?.changes ?? 0;
    if (changes >= this.#count.read() && header?.isWhole !== false) {
      this.#staleSince = undefined;
      return changes;
    }
    this.#staleSince ??= performance.now();
    if (performance.now() - this.#staleSince < PATIENCE_MS / 2) throw new LockTaken(this.#path);
    throw new PipeError(
      'QUEUE_STALE',
      `This host is shown an old copy of ${this.#path}: ${changes} commits, and there were ${this.#count.read()}. Mount its file system without caching of attributes; where the file was restored from a copy, delete ${this.#count.path}.`,
    );
  }

  #tell(before: number): void {
    const after = readHeader(this.#path)?.changes ?? before;
    if (after === before) return;
    this.#own += after - before;
    this.#count.write(after);
  }
}
