import { readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Queue, spawn } from 'tspipe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Database } from '../../../src/store/driver.ts';
import { checkQueue, repairQueue } from '../../../src/store/index.ts';
import { Random } from '../../chaos/random.ts';
import { makeFolder } from '../../helpers/place.ts';
import { overwrite } from '../check/damage.ts';
import { copyQueue, makeSoundQueue } from '../check/sound-queue.ts';

const PAGE = 2048;
// What is made anew from other rows may differ.
const ROWS: Readonly<Record<string, string>> = {
  task: 'SELECT id, call, app, lane, hex(identity) FROM task',
  call: 'SELECT id, name, number, key, args, blob FROM call',
  requires: 'SELECT * FROM requires',
  result: 'SELECT * FROM result',
  attempt: 'SELECT id, task, number, state, agent, worker, started, seconds, error, program FROM attempt',
  output: 'SELECT * FROM output',
  program: 'SELECT * FROM program',
  app: 'SELECT * FROM app',
  app_name: 'SELECT id, name FROM app_name',
  lane: 'SELECT * FROM lane',
  task_manager: 'SELECT * FROM task_manager',
};

let sound: string;
let original: ReadonlyMap<string, ReadonlySet<string>>;
beforeAll(async () => {
  sound = await makeSoundQueue();
  original = rowsOf(join(sound, 'q.sqlite'));
});
afterAll(() => rmSync(sound, { recursive: true, force: true }));

function rowsOf(path: string): ReadonlyMap<string, ReadonlySet<string>> {
  const db = new Database(path);
  const rows = Object.entries(ROWS).map(([table, sql]): [string, Set<string>] => [
    table,
    new Set(db.all(sql).map((row) => JSON.stringify(row))),
  ]);
  db.close();
  return new Map(rows);
}

/** Repairs, and demands that nothing was invented and that the new queue agrees with itself. */
function repaired(path: string): { readonly path: string; readonly share: number } {
  const before = readFileSync(path);
  const repair = repairQueue(path);
  expect(readFileSync(path).equals(before)).toBe(true);
  let found = 0;
  for (const [table, rows] of rowsOf(repair.path)) {
    for (const row of rows) expect(original.get(table), `${table} ${row}`).toContain(row);
    found += rows.size;
  }
  const faults = checkQueue(repair.path).findings.filter(({ level }) => level === 'fault');
  expect(faults).toEqual([]);
  return {
    path: repair.path,
    share: found / [...original.values()].reduce((sum, rows) => sum + rows.size, 0),
  };
}

const copied = (): string => copyQueue(sound, join(makeFolder(), 'copy'));

describe('repairQueue', () => {
  it('finds everything in a sound queue', () => {
    expect(repaired(copied()).share).toBe(1);
  });

  it.each([
    ['written over with anything', PAGE, true],
    ['erased', PAGE, false],
    ['written over in a part', 512, true],
    ['erased in a part', 512, false],
  ])(
    'recovers what stands on other pages, and invents nothing, wherever a page is %s',
    (_how, length, isRandom) => {
      const pages = statSync(join(sound, 'q.sqlite')).size / PAGE;
      const shares: number[] = [];
      for (let page = isRandom ? 0 : 1; page < pages; page += 2) {
        const path = copied();
        const offset = page * PAGE + (page % (PAGE / length)) * length;
        overwrite(path, { offset, length, ...(isRandom ? { seed: page + 1 } : {}) });
        shares.push(repaired(path).share);
      }
      shares.sort((a, b) => a - b);
      expect(shares[Math.floor(shares.length / 2)]).toBeGreaterThan(0.8);
    },
  );

  it('recovers what several damages leave', () => {
    const random = new Random(7);
    const { size } = statSync(join(sound, 'q.sqlite'));
    for (let round = 0; round < 40; round++) {
      const path = copied();
      for (let left = random.between(1, 6); left > 0; left--) {
        const length = random.pick([1, 16, 512, PAGE, 3 * PAGE]) ?? 1;
        const offset = random.below(size - length);
        overwrite(path, {
          offset,
          length: Math.max(16, length),
          ...(random.below(2) ? { seed: round } : {}),
        });
      }
      if (random.below(4) === 0) truncateSync(path, random.between(PAGE, size));
      repaired(path);
    }
  });

  it('finds the pages of a table whose first page is lost, and what was freed stays away', () => {
    const path = copied();
    const db = new Database(path);
    db.exec('DELETE FROM result; PRAGMA wal_checkpoint(TRUNCATE)');
    const roots = db.all<{ name: string; rootpage: number }>(
      "SELECT name, rootpage FROM sqlite_schema WHERE name IN ('task', 'attempt', 'result')",
    );
    db.close();
    for (const { rootpage } of roots)
      overwrite(path, { offset: (rootpage - 1) * PAGE, length: PAGE, seed: 9 });
    const repair = repairQueue(path);
    const found = new Database(repair.path);
    expect(found.get('SELECT count(*) n FROM task')).toEqual({ n: 71 });
    expect(found.get('SELECT count(*) n FROM attempt')).toEqual({ n: 64 });
    expect(found.get('SELECT count(*) n FROM result')).toEqual({ n: 0 });
    found.close();
    expect(checkQueue(repair.path).findings.filter(({ level }) => level === 'fault')).toEqual([]);
  });

  it('goes on where the first page is lost', () => {
    const path = copied();
    overwrite(path, { offset: 0, length: PAGE, seed: 1 });
    expect(repaired(path).share).toBe(1);
  });

  it('reads what stands in a write-ahead log, up to where it is damaged', () => {
    const path = copied();
    const db = new Database(path);
    db.exec('PRAGMA wal_autocheckpoint = 0');
    for (let id = 1; id <= 20; id++) db.run("INSERT INTO meta VALUES (?, 'x')", `m${id}`);
    const [main, log] = [readFileSync(path), readFileSync(`${path}-wal`)];
    db.close();
    writeFileSync(path, main);
    writeFileSync(`${path}-wal`, log);
    const count = (file: string): number => {
      const read = new Database(file);
      const row = read.get<{ n: number }>("SELECT count(*) n FROM meta WHERE name LIKE 'm%'");
      read.close();
      return row?.n ?? 0;
    };
    const whole = repairQueue(path).path;
    expect(count(whole)).toBe(20);
    for (const end of ['', '-wal', '-shm']) rmSync(whole + end, { force: true });
    overwrite(`${path}-wal`, { offset: Math.floor(log.length / 2), length: 8, seed: 3 });
    const half = count(repairQueue(path).path);
    expect(half).toBeGreaterThan(5);
    expect(half).toBeLessThan(15);
  });

  it('makes a queue that runs on: what lost its result is run again', async () => {
    const path = copied();
    const db = new Database(path);
    const { rootpage = 0 } =
      db.get<{ rootpage: number }>("SELECT rootpage FROM sqlite_schema WHERE name = 'result'") ?? {};
    db.close();
    overwrite(path, { offset: (rootpage - 1) * PAGE, length: PAGE, seed: 5 });
    const repair = repairQueue(path);
    expect(repair.again.length).toBe(63);
    const queue = new Queue(repair.path, { create: false });
    await queue.resume();
    await spawn(queue, { mode: 'no_stream' });
    expect(await queue.summary()).toMatchObject({ SUCCEEDED: 69, FAILED: 1, BLOCKED: 1 });
    expect(checkQueue(repair.path).findings.filter(({ level }) => level === 'fault')).toEqual([]);
    await queue.delete();
  });

  it('refuses to take the place of what is there', () => {
    const path = copied();
    repairQueue(path);
    expect(() => repairQueue(path)).toThrow(expect.objectContaining({ code: 'QUEUE_EXISTS' }));
  });

  it('refuses while a process of this machine may work on the queue', () => {
    const path = copied();
    const db = new Database(path);
    db.run('UPDATE process SET ended = NULL, host = ?', 'another');
    db.close();
    expect(() => repairQueue(path)).toThrow(expect.objectContaining({ code: 'QUEUE_BUSY' }));
  });
});
