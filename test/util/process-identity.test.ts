import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { isAlive, isProvenDead, processIdentity } from '../../src/util/index.ts';

const children: ChildProcess[] = [];

async function start(command: string): Promise<ChildProcess & { readonly pid: number }> {
  const child = spawn('bash', ['-c', command], { stdio: ['pipe', 'pipe', 'ignore'] });
  children.push(child);
  await once(child, 'spawn');
  if (child.pid === undefined) throw new Error('no process');
  return Object.assign(child, { pid: child.pid });
}

afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode === null && child.kill('SIGKILL')) await once(child, 'exit');
  }
});

describe('processIdentity', () => {
  it('is the same at each look, and sees this process alive', () => {
    const me = processIdentity();
    expect(me).toEqual(processIdentity(process.pid));
    expect(me.pid).toBe(process.pid);
    expect(me.startTime).toMatch(/\d/);
    expect(isAlive(me)).toBe(true);
    expect(isProvenDead(me)).toBe(false);
  });

  it('survives being stored as JSON', () => {
    expect(isAlive(JSON.parse(JSON.stringify(processIdentity())))).toBe(true);
  });

  it('proves a process dead once it has ended', async () => {
    const child = await start('read line');
    const identity = processIdentity(child.pid);
    expect(isAlive(identity)).toBe(true);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(isProvenDead(identity)).toBe(true);
    expect(isAlive(identity)).toBe(false);
  });

  it('proves a process dead when its id belongs to a later one', () => {
    const earlier = { ...processIdentity(), startTime: '1' };
    expect(isProvenDead(earlier)).toBe(true);
    expect(isAlive(earlier)).toBe(false);
  });

  it('proves a process dead when the host has booted since', () => {
    expect(isProvenDead({ ...processIdentity(), boot: 'an earlier one' })).toBe(true);
  });

  it('proves nothing of another host', () => {
    const elsewhere = { ...processIdentity(), host: 'elsewhere', boot: 'another', pid: 2 ** 22 + 1 };
    expect(isProvenDead(elsewhere)).toBe(false);
    expect(isAlive(elsewhere)).toBe(false);
  });

  it('proves nothing of a living process that was never seen', () => {
    const unseen = { ...processIdentity(), startTime: '' };
    expect(isProvenDead(unseen)).toBe(false);
    expect(isAlive(unseen)).toBe(false);
  });

  it('knows a process that was gone from the start', () => {
    const identity = processIdentity(2 ** 22 + 1);
    expect(identity.startTime).toBe('');
    expect(isProvenDead(identity)).toBe(true);
  });

  it.runIf(existsSync('/proc/self/stat'))('counts a zombie as dead', async () => {
    // The shell becomes a program that never collects the child it inherits.
    const parent = await start('tail -f /dev/null & echo $!; exec tail -f /dev/null');
    const [line] = await once(parent.stdout ?? parent, 'data');
    const identity = processIdentity(Number(String(line)));
    await vi.waitFor(() => {
      expect(readFileSync(`/proc/${parent.pid}/comm`, 'utf8')).toBe('tail\n');
    });
    process.kill(identity.pid, 'SIGKILL');
    await vi.waitFor(() => {
      expect(readFileSync(`/proc/${identity.pid}/stat`, 'utf8')).toContain(') Z ');
    });
    expect(isProvenDead(identity)).toBe(true);
  });
});
