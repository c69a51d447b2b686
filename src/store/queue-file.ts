import type { Database } from './driver.ts';

/** How a process comes to the file of a queue: by one connection for good, or by a new one under a lock each time. */
export interface QueueFile {
  readonly isShared: boolean;
  readonly isOpen: boolean;
  /**
   * Calls `work` with a connection; inside of it, others get the same one. Throws what `isHeldByOthers` knows where
   * other processes keep it from that.
   */
  use<T>(work: (db: Database) => T): T;
  /** Readies a transaction: whether COMMIT has to return only when it is on the disk. */
  prepare(db: Database, isSynced: boolean): void;
  /** Call right before COMMIT. */
  confirm(): void;
  /** Call after COMMIT: others wake. */
  ring(): void;
  /** Sees to it that what was committed is on the disk. */
  sync(): void;
  /** Changes with every commit of others, never with one's own. */
  version(): number;
  /** For large transactions: with room for all pages that they change. */
  expectMany(): void;
  /** Calls `wake` after commits, until closed. */
  watch(wake: () => void): { close(): void };
  close(): void;
}
