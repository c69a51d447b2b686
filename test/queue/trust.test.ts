import { chmodSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Queue, type QueueOptions, spawn } from 'tspipe';
import { runCli } from '../cli/run-cli.ts';
import { makeFolder } from '../helpers/place.ts';

const mode = (path: string): string => (statSync(path).mode & 0o7777).toString(8);

/** Runs a queue without tasks; gives what it is refused with. */
async function run(baseDir: string, options: QueueOptions = {}): Promise<string> {
  const queue = new Queue('q', { baseDir, ...options });
  try {
    await spawn(queue, { mode: 'no_stream' });
    return 'run';
  } catch (error) {
    return String(error);
  } finally {
    queue.close();
  }
}

describe('a queue that others may write to', () => {
  for (const [name, make] of [
    ['the file', (path: string) => path],
    ['its folder', (path: string) => join(path, '..')],
    ['the folder of its blobs', (path: string) => path.replace(/sqlite$/, 'd')],
  ] as const) {
    it(`is not run where ${name} can be written by all, with trust neither`, async () => {
      const baseDir = makeFolder();
      expect(await run(baseDir)).toBe('run');
      const part = make(join(baseDir, 'q.sqlite'));
      chmodSync(part, statSync(part).mode | 0o002);
      const refusal = `${part} (mode ${mode(part).padStart(4, '0')}) can be written by everybody`;
      expect(await run(baseDir)).toContain(refusal);
      expect(await run(baseDir, { trust: true })).toContain(refusal);
      chmodSync(part, statSync(part).mode & ~0o002);
      expect(await run(baseDir)).toBe('run');
    });

    it(`is run with trust only where ${name} can be written by a group`, async () => {
      const baseDir = makeFolder();
      new Queue('q', { baseDir }).close();
      const part = make(join(baseDir, 'q.sqlite'));
      chmodSync(part, statSync(part).mode | 0o020);
      // A group with none but this user in it is no danger; as root the group may be one of that kind.
      const isAlone = (await run(baseDir)) === 'run';
      if (!isAlone) expect(await run(baseDir)).toMatch(/QUEUE_NOT_TRUSTED|can be written by its group/);
      expect(await run(baseDir, { trust: true })).toBe('run');
    });
  }

  it('says so on the command line, by spawn, work and a queue that spawns by itself', async () => {
    const baseDir = makeFolder();
    new Queue('q', { baseDir }).close();
    chmodSync(join(baseDir, 'q.sqlite'), 0o602);
    for (const words of [['spawn'], ['spawn', '--detach'], ['work'], ['resume', '--spawn']]) {
      const { code, err } = await runCli([...words, '-q', join(baseDir, 'q')]);
      expect([words, code, err]).toEqual([words, 1, expect.stringMatching(/QUEUE_NOT_TRUSTED.*mode 0602/)]);
    }
    expect(() => new Queue('q', { baseDir, spawn: true })).toThrow(/mode 0602/);
  });
});

describe('share', () => {
  it('gives the rights of group or readers to all files, and takes them later too', async () => {
    const baseDir = join(makeFolder(), 'made');
    new Queue('q', { baseDir, share: 'read' }).close();
    const part = (name: string) => mode(join(baseDir, name));
    expect([mode(baseDir), part('q.sqlite'), part('q.d')]).toEqual(['2750', '640', '2750']);
    const queue = new Queue('q', { baseDir, share: 'group' });
    await queue.pause();
    expect(['q.sqlite', 'q.sqlite-wal', 'q.sqlite-shm', 'q.d', 'q.d/doorbell'].map(part)).toEqual([
      '660',
      '660',
      '660',
      '2770',
      '660',
    ]);
    // Without it, they stay as they are.
    new Queue('q', { baseDir }).close();
    expect(part('q.sqlite')).toBe('660');
    queue.close();
    rmSync(join(baseDir, 'q.d'), { recursive: true });
    new Queue('q', { baseDir, trust: true }).close();
    expect(part('q.d')).toBe('2770');
  });

  it('leaves the rights of folders that are there', () => {
    const baseDir = join(makeFolder(), 'there');
    mkdirSync(baseDir, { mode: 0o700 });
    new Queue('q', { baseDir, share: 'group' }).close();
    expect(mode(baseDir)).toBe('700');
  });
});
