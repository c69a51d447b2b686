import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { APPLICATION_ID, MIGRATIONS } from '../../src/store/schema.ts';
import { Store } from '../../src/store/index.ts';
import { makeFolder } from '../helpers/place.ts';
import { Graph } from './graph.ts';

const root = fileURLToPath(new URL('../../src/store/', import.meta.url));

/** A queue file of an older format, with a task in it. */
function olderFile(format: number): string {
  const path = join(makeFolder(), 'q.sqlite');
  const db = new DatabaseSync(path);
  db.exec('PRAGMA journal_mode = WAL');
  for (const text of MIGRATIONS.slice(0, format)) db.exec(text);
  db.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${format}`);
  db.exec(`INSERT INTO task (call, app, lane, state, identity) VALUES (1, 1, 1, 3, x'00');
    INSERT INTO tally VALUES (1, 1, 3, 1)`);
  db.close();
  return path;
}

function schemaOf(store: Store): unknown {
  return store.read((db) =>
    db.all("SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY 1"),
  );
}

/** Opens a queue in a process that is killed at a statement of the migration. */
function openAndDie(path: string, statement: number): NodeJS.Signals | null {
  const text = `
    import { DatabaseSync } from 'node:sqlite';
    const { Store } = await import(${JSON.stringify(`${root}index.ts`)});
    const exec = DatabaseSync.prototype.exec;
    let left = ${statement};
    const dying = (sql) => (left-- === 0 ? process.kill(process.pid, 'SIGKILL') : sql);
    DatabaseSync.prototype.exec = function (sql) {
      if (!this.isTransaction) return exec.call(this, sql);
      for (const part of sql.replaceAll(/--[^\\n]*/g, '').split(';').filter((one) => one.trim() !== '')) exec.call(this, dying(part + ';'));
    };
    new Store(${JSON.stringify(path)}).close();`;
  const { signal } = spawnSync(process.execPath, ['--input-type=module', '-e', text]);
  return signal;
}

describe('a migration', () => {
  it('brings an older file to what a new one is, with its tasks', () => {
    const store = new Store(olderFile(1));
    const graph = new Graph(store);
    expect(schemaOf(store)).toEqual(schemaOf(new Graph().store));
    expect(graph.states(1)).toEqual(['PENDING']);
    store.close();
  });

  it.each([0, 1, 3, 5, 7, 8, 9, 10])(
    'that is killed at statement %i leaves the file as it was',
    (statement) => {
      const path = olderFile(1);
      const signal = openAndDie(path, statement);
      const db = new DatabaseSync(path);
      const { user_version } = db.prepare('PRAGMA user_version').get() as { user_version: number };
      expect(user_version).toBe(signal === null ? MIGRATIONS.length : 1);
      db.close();
      const store = new Store(path);
      expect(schemaOf(store)).toEqual(schemaOf(new Graph().store));
      expect(store.read((one) => one.all('SELECT id, state, due FROM task'))).toEqual([
        { id: 1, state: 3, due: null },
      ]);
      store.close();
    },
  );

  it('that is killed while a new file is made leaves one that can be opened', () => {
    for (const statement of [0, 2, 12, 25]) {
      const path = join(makeFolder(), 'q.sqlite');
      expect(openAndDie(path, statement)).toBe('SIGKILL');
      const store = new Store(path);
      expect(schemaOf(store)).toEqual(schemaOf(new Graph().store));
      store.close();
      rmSync(path);
    }
  });
});
