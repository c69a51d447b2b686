import { copyFileSync, readdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MIGRATIONS } from '../../src/store/schema.ts';
import { newestTask, queueState, Store, writeQueueState } from '../../src/store/index.ts';
import { Graph, makeStore } from './graph.ts';

describe('a store', () => {
  it('reads one snapshot, also in reads within a read, while others write', () => {
    const graph = new Graph();
    const other = new Store(graph.store.path);
    graph.needs();
    const seen = other.read((db) => {
      const before = newestTask(db);
      graph.needs();
      return [before, newestTask(db), other.read(newestTask)];
    });
    expect(seen).toEqual([1, 1, 1]);
    expect(other.read(newestTask)).toBe(2);
    other.close();
  });

  it('leaves nothing of a transaction that raised', () => {
    const graph = new Graph();
    const task = graph.needs();
    const fail = () =>
      graph.store.writeNow((tx) => {
        const core = tx.core(task);
        if (core !== undefined) tx.change('kill', core);
        throw new Error('boom');
      });
    expect(fail).toThrow('boom');
    expect(graph.state(task)).toBe('PENDING');
    expect(graph.claim()).toEqual([task]);
  });

  it('does not wait inside SQLite: a locked file is seen at once', async () => {
    const store = makeStore();
    const other = new Store(store.path);
    const begun = performance.now();
    const seen = store.writeNow(() => other.tryWrite(() => 1));
    expect(seen).toBeUndefined();
    expect(performance.now() - begun).toBeLessThan(1000);
    expect(await other.write(() => 2)).toBe(2);
    other.close();
  });

  it('syncs before a commit is seen, unless it is told that this may come after', () => {
    const { store } = new Graph();
    const seen = (['after', undefined, 'next', 'before'] as const).map((sync) =>
      store.writeNow((tx) => {
        writeQueueState(tx, 'ACTIVE');
        return tx.db.get<{ synchronous: number }>('PRAGMA synchronous')?.synchronous;
      }, sync),
    );
    expect(seen).toEqual([1, 2, 1, 2]);
  });

  it('raises when its file was deleted or replaced, and does not write where nobody reads', () => {
    const store = makeStore();
    copyFileSync(store.path, `${store.path}.copy`);
    renameSync(`${store.path}.copy`, store.path);
    expect(() => store.writeNow((tx) => writeQueueState(tx, 'PAUSED'))).toThrow(
      expect.objectContaining({ code: 'QUEUE_NOT_FOUND' }),
    );
  });

  it('rings for those who watch, and does without bells where it cannot', async () => {
    const store = makeStore();
    const other = new Store(store.path);
    const { promise, resolve } = Promise.withResolvers<void>();
    const watch = other.watch(resolve);
    store.writeNow((tx) => writeQueueState(tx, 'PAUSED'));
    await promise;
    watch.close();
    expect(other.read(queueState)).toBe('PAUSED');
    other.close();
  });

  it('never uses the row of a removed task again', async () => {
    const graph = new Graph();
    const tasks = [graph.needs(), graph.needs()];
    const { deleteTasks, deleteAllTasks } = await import('../../src/store/index.ts');
    graph.store.writeNow((tx) => deleteTasks(tx, [tasks[1] ?? 0]));
    expect(graph.needs()).toBe(3);
    graph.store.writeNow(deleteAllTasks);
    expect(graph.needs()).toBe(4);
    expect(graph.store.read((db) => db.all('SELECT state, count FROM tally WHERE count <> 0'))).toEqual([
      { state: 3, count: 1 },
    ]);
  });
});

describe('blobs', () => {
  it('are files by content, for their owner only, written once', () => {
    const { blobs, directory } = makeStore();
    const parts = [new Uint8Array([1, 2, 3]), new Uint8Array(0), new Uint8Array(100_000).fill(7)];
    const name = blobs.write(parts);
    expect(blobs.write(parts)).toBe(name);
    expect(blobs.read(name).map((part) => new Uint8Array(part))).toEqual(parts);
    expect(blobs.write([])).toBeNull();
    expect(blobs.read(null)).toEqual([]);
    const folder = join(directory, 'blobs');
    expect(readdirSync(folder)).toEqual([name]);
    expect(statSync(join(folder, name ?? '')).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });
});

describe('the schema', () => {
  it('is what the snapshot says: a change needs a migration', async () => {
    const store = makeStore();
    const made = store.read((db) =>
      db
        .all<{ sql: string }>(
          "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY name",
        )
        .map(({ sql }) =>
          sql
            .replaceAll(/--[^\n]*/g, '')
            .replaceAll(/\s+/g, ' ')
            .trim(),
        ),
    );
    await expect(`-- format ${MIGRATIONS.length}\n${made.join(';\n')};\n`).toMatchFileSnapshot('schema.sql');
  });
});
