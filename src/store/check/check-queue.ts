import { statSync } from 'node:fs';
import { join } from 'node:path';
import { type ConnectionLease, Database, isNotADatabase, isOutOfRoom, isSqliteError } from '../driver.ts';
import { HostLock, LockTaken } from '../host-lock.ts';
import { assertOurs } from '../initialise.ts';
import { whyOnlyRead } from '../access.ts';
import { retryWhileBusy } from '../patience.ts';
import { queueDirectory } from '../queue-files.ts';
import { chooseMode } from '../queue-mode.ts';
import { MIGRATIONS } from '../schema.ts';
import { openSnapshot } from '../snapshot.ts';
import { checkAgents } from './check-agents.ts';
import { checkBlobs } from './check-blobs.ts';
import { checkIntegrity, checkSchema, damaged } from './check-file.ts';
import { checkTexts } from './check-texts.ts';
import type { Finding } from './finding.ts';
import { runRowCheck } from './row-check.ts';
import { ROW_CHECKS } from './row-checks.ts';

/** What a check of a queue says. */
export interface QueueCheck {
  readonly path: string;
  /** How many tasks it holds; null where they cannot be counted. */
  readonly tasks: number | null;
  readonly findings: readonly Finding[];
}

/**
 * Checks a queue against itself, in one snapshot, so that it may be worked on meanwhile. Memory does not grow with the
 * number of tasks. Changes nothing. Throws `QUEUE_NOT_A_QUEUE` for a file of another program, `QUEUE_TOO_NEW`.
 */
export function checkQueue(path: string): QueueCheck {
  const isLocked = !isOthers(path) && chooseMode(path, undefined) === 'shared';
  return isLocked ? underLock(path, checkFile) : checkFile(path);
}

/** A log that is damaged is cut off where it is folded into the file, and with it what stands behind the damage. */
function hasLog(path: string): boolean {
  return (statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
}

function isOthers(path: string): boolean {
  return whyOnlyRead(path, false) !== undefined;
}

/** Nobody may have the file of a shared queue open but whoever has its lock: all others wait while it is checked. */
function underLock<T>(path: string, work: (path: string, lease: ConnectionLease) => T): T {
  const lock = new HostLock(join(queueDirectory(path), 'lock'));
  try {
    retryWhileBusy(() => {
      if (!lock.tryTake()) throw new LockTaken(path);
    });
    return work(path, { version: 0, renew: () => lock.renew() });
  } finally {
    lock.release();
    lock.close();
  }
}

function checkFile(path: string, lease?: ConnectionLease): QueueCheck {
  let db: Database | undefined;
  try {
    // Another user's is read from a copy, since SQLite writes beside what it opens.
    const opened = isOthers(path)
      ? openSnapshot(path)
      : new Database(path, lease, { keepsLog: hasLog(path) });
    db = opened;
    retryWhileBusy(() => opened.exec('PRAGMA query_only = 1; BEGIN; SELECT count(*) FROM sqlite_schema;'));
    assertOurs(opened, path);
    const findings = checkAll(opened, queueDirectory(path));
    return { path, tasks: countTasks(opened), findings };
  } catch (error) {
    if (!isNotADatabase(error) && !isOutOfRoom(error)) throw error;
    return { path, tasks: null, findings: [damaged(1, [messageOf(error)])] };
  } finally {
    db?.rollback();
    db?.close();
  }
}

function checkAll(db: Database, directory: string): Finding[] {
  const version = checkVersion(db);
  if (version.length > 0) return [...collect([() => checkIntegrity(db)]), ...version];
  return collect([
    () => checkIntegrity(db),
    () => checkSchema(db),
    ...ROW_CHECKS.map((rule) => () => runRowCheck(db, rule)),
    () => checkTexts(db),
    () => checkBlobs(db, directory),
    () => checkAgents(db, directory),
  ]);
}

/** A check that comes upon a damaged page says so, and the others go on. */
function collect(checks: readonly (() => Finding[])[]): Finding[] {
  const findings: Finding[] = [];
  const unread = new Set<string>();
  for (const check of checks) {
    try {
      findings.push(...check());
    } catch (error) {
      if (!isSqliteError(error)) throw error;
      unread.add(messageOf(error));
    }
  }
  // What integrity_check told of is told once, and a table that is not there as well.
  if (unread.size > 0 && !findings.some(({ code }) => code === 'FILE_DAMAGED' || code === 'SCHEMA_DIFFERENT'))
    findings.push(damaged(unread.size, [...unread]));
  return findings;
}

function checkVersion(db: Database): Finding[] {
  const version = db.get<{ user_version: number }>('PRAGMA user_version')?.user_version ?? 0;
  if (version === MIGRATIONS.length) return [];
  return [
    {
      code: 'VERSION_OLD',
      level: 'note',
      count: 1,
      what: `The file has format ${version}, this tspipe makes ${MIGRATIONS.length}. Its rows were not looked at`,
      means: 'An older tspipe made it.',
      cure: 'Whatever opens it for work brings it up to date: tspipe queues -q NAME. Then check again.',
      examples: [],
    },
  ];
}

function countTasks(db: Database): number | null {
  try {
    return db.get<{ n: number }>('SELECT count(*) n FROM task')?.n ?? null;
  } catch {
    return null;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
