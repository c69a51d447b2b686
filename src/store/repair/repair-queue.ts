import { copyFileSync, existsSync, linkSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PipeError } from '../../errors.ts';
import { makeQueueFolder } from '../../util/index.ts';
import { isBlobName } from '../blob-name.ts';
import { faultOfBlob } from '../check/blob-content.ts';
import { Database } from '../driver.ts';
import { initialise } from '../initialise.ts';
import { prepareFiles, queueDirectory, removeFiles } from '../queue-files.ts';
import { modeOf, writeMark } from '../queue-mode.ts';
import { APPLICATION_ID, MIGRATIONS } from '../schema.ts';
import { collectRows, type TableLoss } from './collect-rows.ts';
import { type Changed, makeSound, mayBeAlive } from './make-sound.ts';
import { PageFile } from './page-file.ts';

/** What was recovered of a queue, and what was not. */
export interface QueueRepair extends Changed {
  /** The new file. */
  readonly path: string;
  readonly tables: readonly TableLoss[];
  /** Files with binary parts that are missing or damaged. */
  readonly blobs: readonly string[];
}

/**
 * Makes a new queue beside a damaged one, of everything in it that is sound to the last byte; the damaged one is only
 * read. Nothing may work on it meanwhile. Throws `QUEUE_EXISTS` where the new file is there, `QUEUE_BUSY`.
 */
export function repairQueue(path: string): QueueRepair {
  const target = path.replace(/\.sqlite$/, '.repaired.sqlite');
  if (existsSync(target))
    throw new PipeError('QUEUE_EXISTS', `${target} is there already. Move it away, then try again.`);
  assertNoJournal(path);
  const mode = modeOf(path) ?? 'local';
  prepareFiles(target);
  const file = new PageFile(path, mode === 'shared' ? 4096 : 2048);
  const db = new Database(target);
  try {
    if (mode === 'shared') writeMark(target, mode);
    initialise(db, target, mode);
    assertVersion(file, path);
    db.exec('PRAGMA cache_size = -32768; BEGIN IMMEDIATE');
    const tables = collectRows(file, db);
    assertNobodyWorks(db, path);
    const blobs = takeBlobs(db, path, target);
    const changed = makeSound(db);
    db.exec('COMMIT');
    if (mode === 'local') db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    return { path: target, tables, blobs, ...changed };
  } catch (error) {
    db.close();
    removeFiles(target);
    throw error;
  } finally {
    db.close();
    file.close();
  }
}

const JOURNAL = 'd9d505f920a163d7';

/** A transaction that was cut off while it went to the file of a shared queue: SQLite knows how to put it back. */
function assertNoJournal(path: string): void {
  const journal = `${path}-journal`;
  if (!existsSync(journal) || readFileSync(journal).toString('hex', 0, 8) !== JOURNAL) return;
  throw new PipeError(
    'QUEUE_DAMAGED',
    `${path} was left within a transaction. Have it put back first: tspipe queues -q NAME. Then try again.`,
  );
}

/** Rows of older formats are other rows. */
function assertVersion(file: PageFile, path: string): void {
  const head = file.page(1);
  const isOurs = head?.readUInt32BE(68) === APPLICATION_ID;
  const version = isOurs ? head?.readUInt32BE(60) : undefined;
  if (version === undefined || version === MIGRATIONS.length) return;
  throw new PipeError(
    'QUEUE_TOO_NEW',
    `${path} has format ${version}, and only format ${MIGRATIONS.length} is repaired. Use the tspipe that made it.`,
  );
}

function assertNobodyWorks(db: Database, path: string): void {
  const alive = mayBeAlive(db);
  if (alive.length === 0) return;
  const list = alive.map(({ kind, pid, host }) => `${kind} ${pid} on ${host}`).join(', ');
  throw new PipeError(
    'QUEUE_BUSY',
    `${path} may still be held by: ${list}. End these processes, then try again.`,
  );
}

/** Sound files go along, by a second name where the disk can; rows that name others lose what they name. */
function takeBlobs(db: Database, path: string, target: string): string[] {
  const from = join(queueDirectory(path), 'blobs');
  const to = join(queueDirectory(target), 'blobs');
  if (existsSync(from)) makeQueueFolder(to);
  const lost: string[] = [];
  for (const name of existsSync(from) ? readdirSync(from) : []) {
    if (!isBlobName(name)) continue;
    if (faultOfBlob(from, name) === undefined) take(join(from, name), join(to, name));
  }
  for (const table of ['result', 'output', 'checkpoint']) {
    for (const { blob } of db.all<{ blob: string }>(
      `SELECT DISTINCT blob FROM ${table} WHERE blob IS NOT NULL`,
    )) {
      if (isBlobName(blob) && existsSync(join(to, blob))) continue;
      lost.push(blob);
      db.run(`DELETE FROM ${table} WHERE blob = ?`, blob);
    }
  }
  return lost;
}

function take(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}
