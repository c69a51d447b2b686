import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { expect, it, onTestFinished } from 'vitest';
import { spawn } from 'tspipe';
import { makePlace } from '../helpers/place.ts';

const TASKS = 2000;

/** Keeps the write-ahead log from being begun anew; returns what counts its commits and the pages in them. */
function watchLog(path: string): () => { readonly commits: number; readonly pages: number } {
  const reader = new DatabaseSync(path);
  onTestFinished(() => reader.close());
  reader.exec('BEGIN; SELECT count(*) FROM task');
  const before = countLog(path);
  return () => {
    const { commits, pages } = countLog(path);
    return { commits: commits - before.commits, pages: pages - before.pages };
  };
}

/** See "WAL file format" in the documentation of SQLite: a frame that ends a commit names the size of the database. */
function countLog(path: string): { readonly commits: number; readonly pages: number } {
  const log = readFileSync(`${path}-wal`);
  const pageSize = log.readUInt32BE(8);
  let [commits, pages] = [0, 0];
  for (let at = 32; at + 24 + pageSize <= log.byteLength; at += 24 + pageSize) {
    // Frames of an older round have another salt.
    if (log.compare(log, 16, 24, at + 8, at + 16) !== 0) break;
    pages++;
    if (log.readUInt32BE(at + 4) > 0) commits++;
  }
  return { commits, pages };
}

it('quick tasks are claimed and committed together: less than half a transaction and three pages a task', async () => {
  const place = makePlace();
  const noop = place.taskManager({ scheduler: { maxWorkers: 2 } }).tsApp(function noop(n: number) {
    return n;
  });
  for (let n = 0; n < TASKS; n++) noop(n);
  await place.queue.summary();
  const counted = watchLog(place.queue.path);
  await spawn(place.queue);
  expect(await place.queue.summary()).toMatchObject({ SUCCEEDED: TASKS });
  const { commits, pages } = counted();
  expect(commits).toBeLessThan(TASKS / 2);
  expect(pages).toBeLessThan(3 * TASKS);
});

it('a link of a chain takes one transaction: it ends one task and claims the next', async () => {
  const place = makePlace();
  const next = place.taskManager({ scheduler: { maxWorkers: 1 } }).tsApp(function next(n: number) {
    return n + 1;
  });
  let last = next(0);
  for (let n = 1; n < 200; n++) last = next(last);
  await place.queue.summary();
  const counted = watchLog(place.queue.path);
  await spawn(place.queue);
  expect(await last.result()).toBe(200);
  // Beside those of the chain: of manager and agent, which come and go.
  expect(counted().commits).toBeLessThan(220);
});
