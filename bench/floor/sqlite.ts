// SQLite's own limit: the least that a durable queue in one file has to do, with nothing around it. Tables of three
// columns, integer keys, WAL, synchronous=FULL, node:sqlite. What tspipe reaches is compared with this of the same run.
import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { check, makeFolder, sizeWanted } from '../lib/place.ts';
import { median } from '../lib/statistics.ts';

const INSERTS = 1000;
const BATCH = 512;
const COMMITS = 300;
const [PENDING, RUNNING, SUCCEEDED] = [3, 4, 5];

const size = sizeWanted();
const folder = makeFolder();
try {
  const db = new DatabaseSync(join(folder, 'floor.sqlite'));
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
  db.exec(`
    CREATE TABLE task (id INTEGER PRIMARY KEY, state INTEGER NOT NULL, args TEXT NOT NULL);
    CREATE INDEX pending ON task (id) WHERE state = ${PENDING};
    CREATE TABLE result (task INTEGER PRIMARY KEY, value TEXT NOT NULL, started INTEGER NOT NULL);
  `);
  const figures = {
    insert: inserts(db),
    claim: claims(db),
    commit: commits(db),
    sync: syncs(),
  };
  db.close();
  console.log(JSON.stringify(figures));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Rows a second, a thousand in a transaction. */
function inserts(db: DatabaseSync): number {
  const insert = db.prepare('INSERT INTO task (state, args) VALUES (?, ?)');
  const start = performance.now();
  for (let done = 0; done < size; done += INSERTS) {
    db.exec('BEGIN IMMEDIATE');
    for (let index = done; index < Math.min(size, done + INSERTS); index++) insert.run(PENDING, `[${index}]`);
    db.exec('COMMIT');
  }
  return (size * 1000) / (performance.now() - start);
}

/** Tasks a second: a transaction commits the results of one batch and claims the next. */
function claims(db: DatabaseSync): number {
  const select = db.prepare('SELECT id, args FROM task WHERE state = ? ORDER BY id LIMIT ?');
  const take = db.prepare('UPDATE task SET state = ? WHERE state = ? AND id <= ?');
  const end = db.prepare('UPDATE task SET state = ? WHERE id = ?');
  const keep = db.prepare('INSERT INTO result VALUES (?, ?, ?)');
  const start = performance.now();
  let held: Record<string, unknown>[] = [];
  do {
    db.exec('BEGIN IMMEDIATE');
    for (const { id, args } of held) {
      keep.run(Number(id), String(args), Date.now());
      end.run(SUCCEEDED, Number(id));
    }
    held = select.all(PENDING, BATCH);
    take.run(RUNNING, PENDING, Number(held.at(-1)?.id ?? 0));
    db.exec('COMMIT');
  } while (held.length > 0);
  const rate = (size * 1000) / (performance.now() - start);
  const { done } =
    db.prepare('SELECT count(*) done FROM task JOIN result ON task.id = result.task').get() ?? {};
  check(done === size, 'the number of results');
  return rate;
}

/** Milliseconds of a transaction that changes one row. */
function commits(db: DatabaseSync): number {
  const change = db.prepare('UPDATE task SET state = state + 1 WHERE id = 1');
  return median(Array.from({ length: COMMITS }, () => milliseconds(() => change.run())));
}

/** Milliseconds until 4 kB that were appended to a file are safe. */
function syncs(): number {
  const file = openSync(join(folder, 'synced'), 'a');
  const page = Buffer.alloc(4096);
  const times = Array.from({ length: COMMITS }, () =>
    milliseconds(() => {
      writeSync(file, page);
      fdatasyncSync(file);
    }),
  );
  closeSync(file);
  return median(times);
}

function milliseconds(act: () => unknown): number {
  const start = performance.now();
  act();
  return performance.now() - start;
}
