import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  convertQueue,
  endProcess,
  insertManager,
  queueState,
  Store,
  writeQueueState,
} from '../../src/store/index.ts';
import { processIdentity } from '../../src/util/index.ts';
import { networkDisk } from '../helpers/network-disk.ts';
import { makeFolder } from '../helpers/place.ts';

describe('converting a queue', () => {
  it('makes it shared, and local again, with all that is in it', () => {
    const path = makePaused(false);
    expect(convertQueue(path, 'shared')).toBe(true);
    expect(convertQueue(path, 'shared')).toBe(false);
    expect(stateAndMode(path)).toEqual(['PAUSED', true]);
    expect(existsSync(`${path}-wal`)).toBe(false);
    expect(convertQueue(path, 'local')).toBe(true);
    expect(stateAndMode(path)).toEqual(['PAUSED', false]);
    expect(convertQueue(path, 'shared')).toBe(true);
    expect(stateAndMode(path)).toEqual(['PAUSED', true]);
  });

  it('is refused while a process has a local queue open', () => {
    const path = makePaused(false);
    const store = new Store(path);
    store.read(queueState);
    expect(() => convertQueue(path, 'shared')).toThrow(/other processes have it open/);
    store.close();
    expect(convertQueue(path, 'shared')).toBe(true);
  });

  it.each([false, true])('is refused while a manager may be at work on it; shared: %s', (shared) => {
    const path = makePaused(shared);
    const store = new Store(path);
    const id = store.writeNow((tx) => insertManager(tx, { ...processIdentity(), host: 'elsewhere' }));
    store.close();
    expect(() => convertQueue(path, shared ? 'local' : 'shared')).toThrow(/manager \d+ on elsewhere/);
    const again = new Store(path);
    again.writeNow((tx) => endProcess(tx, id));
    again.close();
    expect(convertQueue(path, shared ? 'local' : 'shared')).toBe(true);
  });

  it('tells a process that has a shared queue open, which then writes nothing to it', () => {
    const path = makePaused(true);
    const store = new Store(path);
    convertQueue(path, 'local');
    expect(() => store.writeNow((tx) => writeQueueState(tx, 'ACTIVE'))).toThrow(
      /replaced.*Open the queue again/s,
    );
    store.close();
    expect(stateAndMode(path)).toEqual(['PAUSED', false]);
  });

  it('makes a queue for one machine usable over a network file system, and does not make one there', (test) => {
    const [here] = networkDisk(1) ?? test.skip('sshfs cannot be mounted here');
    if (here === undefined) return;
    const local = makePaused(false);
    const path = join(here, 'q.sqlite');
    copyFileSync(local, path);
    expect(() => new Store(path)).toThrow(/convert/);
    expect(convertQueue(path, 'shared')).toBe(true);
    expect(stateAndMode(path)).toEqual(['PAUSED', true]);
    expect(() => convertQueue(path, 'local')).toThrow(/cannot be for one machine/);
  });
});

function makePaused(shared: boolean): string {
  const path = join(makeFolder(), 'q.sqlite');
  const store = new Store(path, { shared });
  store.writeNow((tx) => writeQueueState(tx, 'PAUSED'));
  store.close();
  return path;
}

function stateAndMode(path: string): [string, boolean] {
  const store = new Store(path);
  const state = store.read(queueState);
  store.close();
  return [state, store.isShared];
}
