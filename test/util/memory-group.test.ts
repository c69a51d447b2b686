import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { MemoryGroup } from '../../src/util/index.ts';
import { isRunning, until } from '../helpers/processes.ts';

const MIB = 1024 ** 2;
const probe = MemoryGroup.make('probe');
probe?.remove();

function makeGroup(name: string): MemoryGroup {
  const group = MemoryGroup.make(name);
  if (group === undefined) throw new Error('no group could be made');
  onTestFinished(async () => await until('the group is gone', () => group.remove()));
  return group;
}

/** A shell that waits for a line and then holds so many bytes in a child. */
function eater(bytes: number) {
  const child = spawn('sh', ['-c', `read line; head -c ${bytes} /dev/zero | tail -c ${bytes} | wc -c`], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const { pid } = child;
  if (pid === undefined) throw new Error('no shell');
  return { child, pid };
}

describe.skipIf(probe === undefined)('a memory group (skipped where this process may make none)', () => {
  it('counts what its processes use, from each reset on, and lets them have what they may', async () => {
    const group = makeGroup('counts');
    const { child, pid } = eater(40 * MIB);
    expect(group.add(pid)).toBe(true);
    expect(group.limit(400 * MIB)).toBe(true);
    child.stdin.end('go\n');
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(group.peak).toBeGreaterThan(35 * MIB);
    expect(group.peak).toBeLessThan(100 * MIB);
    expect(group.oomKills).toBe(0);
    group.resetPeak();
    expect(group.highest).toBeLessThan(35 * MIB);
  });

  it('has a process ended that takes more than the limit, and counts it', async () => {
    const group = makeGroup('limits');
    const { child, pid } = eater(200 * MIB);
    group.add(pid);
    expect(group.limit(50 * MIB)).toBe(true);
    child.stdin.end('go\n');
    await once(child, 'exit');
    expect(group.oomKills).toBeGreaterThan(0);
    expect(group.highest).toBeGreaterThan(45 * MIB);
    expect(group.highest).toBeLessThan(51 * MIB);
  });

  it('lets them have all again when the limit is lifted', async () => {
    const group = makeGroup('lifts');
    const { child, pid } = eater(100 * MIB);
    group.add(pid);
    expect([group.limit(50 * MIB), group.limit(undefined)]).toEqual([true, true]);
    child.stdin.end('go\n');
    await once(child, 'exit');
    expect(group.oomKills).toBe(0);
    expect(group.highest).toBeGreaterThan(90 * MIB);
  });

  it('takes no process that is gone', () => {
    const { pid } = spawnSync('true');
    expect(makeGroup('gone').add(pid)).toBe(false);
  });

  it('ends what is left in it when it is removed', async () => {
    const group = makeGroup('removes');
    const { pid } = eater(1);
    group.add(pid);
    await until('it is removed', () => group.remove());
    expect(existsSync(group.folder)).toBe(false);
    expect(isRunning(pid)).toBe(false);
    expect(group.remove()).toBe(true);
  });

  it('goes, where its maker was killed, when another is made', () => {
    const { pid } = spawnSync('true');
    const stale = join(dirname(makeGroup('first').folder), `tspipe-${pid}-0`);
    mkdirSync(stale);
    makeGroup('second');
    expect(existsSync(stale)).toBe(false);
  });
});
