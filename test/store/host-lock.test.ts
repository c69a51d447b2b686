import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { HostLock, LockLost } from '../../src/store/host-lock.ts';
import { processIdentity } from '../../src/util/index.ts';
import { makeFolder } from '../helpers/place.ts';

const QUICK = { leaseMs: 40, quarantineMs: 40 };

describe('the lock between hosts', () => {
  it('has one holder, and is free when that one gives it back', () => {
    const path = lockPath();
    const [one, other] = [new HostLock(path), new HostLock(path)];
    expect([one.tryTake(), other.tryTake()]).toEqual([true, false]);
    one.confirm();
    one.release();
    expect(existsSync(path)).toBe(false);
    expect([other.tryTake(), one.tryTake()]).toEqual([true, false]);
    other.close();
  });

  it('names its holder', () => {
    const path = lockPath();
    const lock = new HostLock(path);
    lock.tryTake();
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ ...processIdentity() });
    lock.close();
  });

  it('is taken over from a process of this host that is gone, whatever the lease', async () => {
    const path = lockPath();
    writeFileSync(path, textOf({ ...processIdentity(), startTime: 'another' }));
    const lock = new HostLock(path, { leaseMs: 3_600_000, quarantineMs: 40 });
    await take(lock);
    lock.confirm();
    lock.close();
  });

  it('is taken over from another host when nothing moves in it for a lease', async () => {
    const path = lockPath();
    writeFileSync(path, textOf({ ...processIdentity(), host: 'elsewhere' }));
    const lock = new HostLock(path, QUICK);
    await take(lock);
    lock.close();
    expect(existsSync(path)).toBe(false);
  });

  it('is left to another host for as long as its number moves, however old its file is', async () => {
    const path = lockPath();
    const lock = new HostLock(path, QUICK);
    for (let moves = 0; moves < 50; moves++) {
      writeFileSync(path, textOf({ ...processIdentity(), host: 'elsewhere' }, moves));
      expect(lock.tryTake()).toBe(false);
      await delay(2);
    }
    expect(readFileSync(path, 'utf8')).toContain('elsewhere');
  });

  it('is taken over where its holder died before it had written its name', async () => {
    const path = lockPath();
    writeFileSync(path, '');
    const lock = new HostLock(path, QUICK);
    await take(lock);
    lock.close();
  });

  it('tells a holder that was taken for dead, which then leaves the lock of the other alone', async () => {
    const path = lockPath();
    const slow = new HostLock(path);
    slow.tryTake();
    // What this process holds is not proven dead: only the lease takes it.
    const other = new HostLock(path, QUICK);
    await take(other);
    expect(() => slow.confirm()).toThrow(LockLost);
    expect(existsSync(path)).toBe(true);
    other.confirm();
    other.close();
  });

  it('does not go to one who put a name over that of a holder that was about to end', async () => {
    const path = lockPath();
    const slow = new HostLock(path);
    slow.tryTake();
    const other = new HostLock(path, { leaseMs: 40, quarantineMs: 3_600_000 });
    while (!isOf(other, path)) await delay(2);
    // The holder wakes within the quarantine, commits, and removes whatever is there.
    rmSync(path);
    expect(other.tryTake()).toBe(false);
    const third = new HostLock(path);
    expect(third.tryTake()).toBe(true);
    expect(other.tryTake()).toBe(false);
    third.confirm();
    third.close();
  });

  it('goes to one of many who take it over together', async () => {
    const path = lockPath();
    writeFileSync(path, textOf({ ...processIdentity(), host: 'elsewhere' }));
    const locks = Array.from({ length: 8 }, () => new HostLock(path, { leaseMs: 200, quarantineMs: 10 }));
    let taken = 0;
    while (taken < 8) {
      const holders = locks.filter((lock) => lock.tryTake());
      expect(holders.length).toBeLessThanOrEqual(1);
      for (const holder of holders) {
        holder.confirm();
        holder.close();
      }
      taken += holders.length;
      await delay(2);
    }
  });
});

function lockPath(): string {
  return join(makeFolder(), 'lock');
}

async function take(lock: HostLock): Promise<void> {
  while (!lock.tryTake()) await delay(2);
}

/** Looks once more; true when the lock holds the name of another than before. */
function isOf(lock: HostLock, path: string): boolean {
  const before = readFileSync(path, 'utf8');
  lock.tryTake();
  return readFileSync(path, 'utf8') !== before;
}

function textOf(identity: ReturnType<typeof processIdentity>, moves = 0): string {
  return `${JSON.stringify({ grant: 'x 1', moves: String(moves).padStart(9, '0'), ...identity }).padEnd(511)}\n`;
}
