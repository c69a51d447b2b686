import { PipeError } from '../errors.ts';
import type { Database } from './driver.ts';
import { type QueueMode, wrongMode } from './queue-mode.ts';
import { APPLICATION_ID, MIGRATIONS } from './schema.ts';

// In these modes a commit ends by its journal's header; elsewhere by a file that goes, or by its length, of both of which
// other hosts may hold an old view. No page goes to the file before the commit.
const SHARED = 'PRAGMA journal_mode = PERSIST; PRAGMA cache_spill = OFF; PRAGMA mmap_size = 0;';

/** Settings of a connection with a queue that several hosts use. */
export function prepareShared(db: Database, isLarge: boolean): void {
  db.syncCommits(true);
  db.exec(`${SHARED} PRAGMA temp_store = MEMORY;`);
  if (isLarge) db.exec('PRAGMA cache_size = -32768');
}

/** Makes the tables of a new queue, brings an older one up to date, and refuses what is no queue of ours. */
export function initialise(db: Database, path: string, mode: QueueMode = 'local'): void {
  // The driver may reopen a file with weaker settings than it was made with, so they are set on every connection.
  if (mode === 'shared') prepareShared(db, false);
  else {
    db.syncCommits(true);
    db.exec('PRAGMA wal_autocheckpoint = 1000; PRAGMA temp_store = MEMORY;');
  }
  assertOurs(db, path);
  if (mode === 'local' && userVersion(db) > 0 && !isLogged(db))
    throw wrongMode(path, 'shared', 'and its mark is missing. Mark it again, or convert it');
  if (userVersion(db) === MIGRATIONS.length) return;
  if (userVersion(db) === 0) {
    db.exec(
      mode === 'shared' ? 'PRAGMA page_size = 4096' : 'PRAGMA page_size = 2048; PRAGMA journal_mode = WAL;',
    );
  }
  db.exec('BEGIN IMMEDIATE');
  try {
    for (let version = userVersion(db); version < MIGRATIONS.length; version++) {
      db.exec(MIGRATIONS[version] ?? '');
    }
    db.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${MIGRATIONS.length};`);
    db.exec('COMMIT');
  } catch (error) {
    db.rollback();
    throw error;
  }
}

/** Throws `QUEUE_NOT_A_QUEUE` for a file of another program, `QUEUE_TOO_NEW` for one of a newer tspipe. */
export function assertOurs(db: Database, path: string): void {
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

function isLogged(db: Database): boolean {
  return db.get<{ journal_mode: string }>('PRAGMA journal_mode')?.journal_mode === 'wal';
}
