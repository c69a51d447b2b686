import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openSnapshot } from '../../src/store/snapshot.ts';
import { Store } from '../../src/store/index.ts';
import { inconsistencies } from '../helpers/consistent.ts';
import { makeFolder } from '../helpers/place.ts';
import { runScript } from '../helpers/script.ts';

function makeQueue(): string {
  const path = join(makeFolder(), 'q.sqlite');
  new Store(path).close();
  const db = new DatabaseSync(path);
  const insert = db.prepare('INSERT INTO meta VALUES (?, ?)');
  for (let number = 0; number < 7; number++) insert.run(`count ${number}`, 0);
  insert.run('rows', 8);
  db.close();
  return path;
}

/** What contradicts itself in a snapshot of a queue that `load.ts` writes to; and how many it has counted. */
function look(path: string): { readonly faults: unknown[]; readonly count: number } {
  const db = openSnapshot(path);
  try {
    const [integrity] = db.all<{ integrity_check: string }>('PRAGMA integrity_check');
    const seen = db.get<{ rows: number; real: number; counted: number }>(
      `SELECT (SELECT value FROM meta WHERE name = 'rows') "rows", (SELECT count(*) FROM meta) "real",
         (SELECT sum(value) FROM meta WHERE name LIKE 'count %') counted`,
    );
    const isRight = seen?.rows === seen?.real && (seen?.counted ?? 1) % 50 === 0;
    const faults = [integrity?.integrity_check, isRight ? 'ok' : seen].filter((one) => one !== 'ok');
    return { faults, count: seen?.counted ?? 0 };
  } finally {
    db.close();
  }
}

const snapshotsIn = (folder: string): string[] =>
  readdirSync(folder).filter((name) => name.startsWith('tspipe-snapshot-'));

describe('a snapshot', () => {
  for (const [way, title] of [
    ['none', 'checkpoints go on'],
    ['reopen', 'the last user of its log leaves again and again'],
    ['truncate', 'its log is begun anew again and again'],
  ] as const) {
    it(`is one state of a queue that is written to, while ${title}`, async () => {
      const path = makeQueue();
      const writer = spawn(process.execPath, [join(import.meta.dirname, 'fixtures/load.ts'), path, way], {
        stdio: ['pipe', 'ignore', 'inherit'],
      });
      onTestFinished(() => void writer.kill('SIGKILL'));
      const faults: unknown[] = [];
      const counts: number[] = [];
      while (counts.length < 100 || new Set(counts).size < 50) {
        const seen = look(path);
        faults.push(...seen.faults);
        counts.push(seen.count);
        await new Promise((resolve) => setImmediate(resolve));
      }
      writer.stdin.end();
      await once(writer, 'exit');
      expect(faults).toEqual([]);
      expect(counts).toEqual(counts.toSorted((a, b) => a - b));
      // After all, what the last commit left.
      const db = new DatabaseSync(path);
      expect(look(path).count).toBe(
        db.prepare("SELECT sum(value) n FROM meta WHERE name LIKE 'count %'").get()?.n,
      );
      db.close();
    });
  }

  it('is one state of a queue that a manager, an agent and a script work on', async () => {
    const folder = makeFolder();
    const { ended, err } = runScript(
      folder,
      `import { Queue, spawn, TaskManager } from 'tspipe';
       const queue = new Queue('q', { baseDir: '.' });
       const tm = new TaskManager({ queue, scheduler: { maxWorkers: 2 } });
       const twice = tm.tsApp(function twice(x) { return 2 * x; });
       const sum = tm.tsApp(function sum(...list) { return list.reduce((a, b) => a + b); });
       for (let round = 0; round < 12; round++) {
         sum(...Array.from({ length: 100 }, (_, i) => twice(100 * round + i)));
         await spawn(queue, { mode: 'no_stream' });
       }`,
    );
    const path = join(folder, 'q.sqlite');
    let isOver = false;
    void ended.then(() => {
      isOver = true;
    });
    const faults: unknown[] = [];
    const sizes = new Set<number>();
    while (!isOver) {
      if (existsSync(path) && statSync(path).size > 0) {
        const store = new Store(path, { whyOnlyRead: 'is read' });
        faults.push(...store.read(inconsistencies));
        sizes.add(store.read((db) => db.get<{ n: number }>('SELECT max(id) n FROM task')?.n ?? 0));
        store.close();
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect({ ...(await ended), err: err() }).toMatchObject({ code: 0 });
    expect(faults).toEqual([]);
    expect(sizes.size).toBeGreaterThan(5);
  });

  it('leaves nothing behind, writes nothing beside the queue, and cannot be written to', () => {
    const path = makeQueue();
    const folder = join(path, '..');
    const temporary = makeFolder();
    const { TMPDIR } = process.env;
    process.env.TMPDIR = temporary;
    onTestFinished(() => {
      if (TMPDIR === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = TMPDIR;
    });
    const state = () =>
      readdirSync(folder).map((name) => {
        const { ino, size, mtimeNs } = statSync(join(folder, name), { bigint: true });
        return [name, ino, size, mtimeNs];
      });
    const before = state();
    const db = openSnapshot(path);
    expect(db.get('SELECT count(*) n FROM meta')).toEqual({ n: 8 });
    expect(() => db.exec('DELETE FROM meta')).toThrow(/readonly/);
    expect(snapshotsIn(tmpdir())).toEqual([]);
    db.close();
    expect(state()).toEqual(before);
  });

  it('holds what a killed process had committed to the log only', async () => {
    const path = makeQueue();
    const text = `const { DatabaseSync } = require('node:sqlite'); const db = new DatabaseSync(process.argv[1]);
      db.exec("UPDATE meta SET value = 50 WHERE name = 'count 1'"); process.kill(process.pid, 'SIGKILL');`;
    const child = spawn(process.execPath, ['-e', text, path], { stdio: 'ignore' });
    await once(child, 'exit');
    const before = readdirSync(join(path, '..'));
    expect(before).toContain('q.sqlite-wal');
    expect(look(path)).toEqual({ faults: [], count: 50 });
    expect(readdirSync(join(path, '..'))).toEqual(before);
  });

  it('of a queue without a log waits for the end of a change', () => {
    const path = makeQueue();
    const db = new DatabaseSync(path);
    db.exec('PRAGMA journal_mode = DELETE');
    expect(look(path).faults).toEqual([]);
    db.exec("PRAGMA cache_spill = 1; BEGIN IMMEDIATE; UPDATE meta SET value = 7 WHERE name = 'rows'");
    expect(look(path)).toEqual({ faults: [], count: 0 });
    db.exec('ROLLBACK');
    db.close();
  });

  it('is refused of what is no queue, and of what cannot be read', () => {
    const folder = makeFolder();
    writeFileSync(join(folder, 'text.sqlite'), 'text\n'.repeat(100));
    mkdirSync(join(folder, 'text.d'));
    expect(() => new Store(join(folder, 'text.sqlite'), { whyOnlyRead: 'is read' })).toThrow(/no queue file/);
    const path = makeQueue();
    chmodSync(path, 0);
    // Root reads everything.
    if (process.getuid?.() !== 0) expect(() => openSnapshot(path)).toThrow(/cannot be read.*share/);
  });
});

describe('a store for reading', () => {
  it('refuses to write, says why, and reads newer states after a while', async () => {
    const path = makeQueue();
    const store = new Store(path, { whyOnlyRead: 'belongs to bob' });
    onTestFinished(() => store.close());
    expect(() => store.tryWrite(() => 1)).toThrow(/q\.sqlite belongs to bob\.$/);
    await expect(store.write(() => 1)).rejects.toMatchObject({ code: 'QUEUE_READ_ONLY' });
    const db = new DatabaseSync(path);
    db.exec("UPDATE meta SET value = 50 WHERE name = 'count 1'");
    const read = () =>
      store.read((one) => one.get<{ value: number }>("SELECT value FROM meta WHERE name = 'count 1'")?.value);
    const version = store.dataVersion();
    await expect.poll(read).toBe(50);
    expect(store.dataVersion()).not.toBe(version);
    db.close();
  });
});
