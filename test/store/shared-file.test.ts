import { copyFileSync, existsSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isLocalType } from '../../src/store/file-system.ts';
import { queueState, Store, writeQueueState } from '../../src/store/index.ts';
import { networkDisk } from '../helpers/network-disk.ts';
import { makeFolder } from '../helpers/place.ts';

describe('a shared store', () => {
  it('has no write-ahead log and no shared memory, and keeps nothing open between transactions', () => {
    const { path, store } = makeShared();
    expect(journalMode(store)).toBe('persist');
    expect(existsSync(`${path}-wal`) || existsSync(`${path}-shm`)).toBe(false);
    expect(openFiles().filter((file) => file.startsWith(path))).toEqual([]);
    store.close();
  });

  it('shows each process what another has committed', () => {
    const { path, store } = makeShared();
    const other = new Store(path);
    const before = other.dataVersion();
    store.writeNow((tx) => writeQueueState(tx, 'PAUSED'));
    expect(other.read(queueState)).toBe('PAUSED');
    expect(other.dataVersion()).not.toBe(before);
    const own = other.dataVersion();
    other.writeNow((tx) => writeQueueState(tx, 'ACTIVE'));
    expect(other.dataVersion()).toBe(own);
    expect(store.read(queueState)).toBe('ACTIVE');
    store.close();
    other.close();
  });

  it('reads and writes under its lock only: who holds it keeps all others out', () => {
    const { path, store } = makeShared();
    const other = new Store(path);
    store.read(() => {
      expect(existsSync(lockOf(path))).toBe(true);
      expect(other.tryWrite((tx) => writeQueueState(tx, 'PAUSED'))).toBeUndefined();
      expect(store.read(queueState)).toBe('ACTIVE');
    });
    expect(existsSync(lockOf(path))).toBe(false);
    store.close();
    other.close();
  });

  it('commits nothing once others have taken its lock over, and says that it is to be tried again', () => {
    const { path, store } = makeShared();
    const done = store.tryWrite((tx) => {
      writeQueueState(tx, 'PAUSED');
      writeFileSync(lockOf(path), 'of another host');
    });
    expect(done).toBeUndefined();
    rmSync(lockOf(path), { force: true });
    expect(store.read(queueState)).toBe('ACTIVE');
    store.close();
  });

  it('does not work on an old copy that this host is shown', () => {
    const { path, store } = makeShared();
    const copy = join(makeFolder(), 'copy');
    copyFileSync(path, copy);
    store.writeNow((tx) => writeQueueState(tx, 'PAUSED'));
    copyFileSync(copy, path);
    expect(store.tryWrite((tx) => writeQueueState(tx, 'ACTIVE'))).toBeUndefined();
    store.close();
  });
});

describe('the mode of a queue', () => {
  it('is local on file systems known to be of this machine alone, shared on all others', () => {
    const types = { ext4: 0xef53, xfs: 0x58465342, btrfs: 0x9123683e, zfs: 0x2fc12fc1, tmpfs: 0x01021994 };
    expect(Object.values(types).map((type) => isLocalType(type, 'linux'))).not.toContain(false);
    const others = { nfs: 0x6969, lustre: 0x0bd00bd0, gpfs: 0x47504653, fuse: 0x65735546, p9: 0x01021997 };
    expect(Object.values(others).map((type) => isLocalType(type, 'linux'))).not.toContain(true);
    expect([26, 0xef53].map((type) => isLocalType(type, 'darwin'))).toEqual([true, false]);
  });

  it('stays what it was made as, and is refused where the other is asked for', () => {
    const { path, store } = makeShared();
    store.close();
    expect(isSharedAt(path)).toBe(true);
    expect(() => new Store(path, { shared: false })).toThrow(/for many hosts.*convert .*--local/s);
    const local = join(makeFolder(), 'q.sqlite');
    expect(isSharedAt(local)).toBe(false);
    expect(() => new Store(local, { shared: true })).toThrow(/for one machine.*convert .*--shared/s);
  });

  it('is known also where the mark of a shared queue was lost', () => {
    const { path, store } = makeShared();
    store.close();
    rmSync(join(path.replace('.sqlite', '.d'), 'shared'));
    expect(() => new Store(path)).toThrow(/for many hosts.*mark is missing/s);
  });

  it('is shared over a network file system, where a queue for one machine is refused with what to do', (test) => {
    const [here, there] = networkDisk(2) ?? test.skip('sshfs cannot be mounted here');
    if (here === undefined || there === undefined) return;
    const store = new Store(join(here, 'q.sqlite'));
    expect(store.isShared).toBe(true);
    const other = new Store(join(there, 'q.sqlite'));
    for (let round = 0; round < 20; round++) {
      store.writeNow((tx) => writeQueueState(tx, 'PAUSED'));
      expect(other.read(queueState)).toBe('PAUSED');
      other.writeNow((tx) => writeQueueState(tx, 'ACTIVE'));
      expect(store.read(queueState)).toBe('ACTIVE');
    }
    store.close();
    other.close();
    expect(() => new Store(join(here, 'other.sqlite'), { shared: false })).toThrow(
      /cannot be for one machine/,
    );
    const local = join(makeFolder(), 'q.sqlite');
    new Store(local).close();
    copyFileSync(local, join(here, 'wal.sqlite'));
    expect(() => new Store(join(there, 'wal.sqlite'))).toThrow(/write-ahead log.*convert .*--shared/s);
  });
});

function makeShared(): { readonly path: string; readonly store: Store } {
  const path = join(makeFolder(), 'q.sqlite');
  return { path, store: new Store(path, { shared: true }) };
}

function isSharedAt(path: string): boolean {
  const store = new Store(path);
  store.close();
  return store.isShared;
}

function lockOf(path: string): string {
  return join(path.replace('.sqlite', '.d'), 'lock');
}

function journalMode(store: Store): string | undefined {
  return store.read((db) => db.get<{ journal_mode: string }>('PRAGMA journal_mode'))?.journal_mode;
}

function openFiles(): string[] {
  return readdirSync('/proc/self/fd').flatMap((file) => {
    try {
      return [readlinkSync(`/proc/self/fd/${file}`)];
    } catch {
      // It was the folder itself.
      return [];
    }
  });
}
