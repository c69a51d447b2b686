import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { taskPages } from '../../src/insight/index.ts';
import { Queue } from '../../src/queue/index.ts';
import { TaskManager } from '../../src/task-manager/index.ts';

describe('taskPages', () => {
  it('gives all tasks once, in pages and in the order they were added', async () => {
    const baseDir = mkdtempSync(join(tmpdir(), 'tspipe-insight-'));
    onTestFinished(() => rmSync(baseDir, { recursive: true, force: true }));
    const queue = new Queue('q', { baseDir });
    onTestFinished(() => queue.close());
    const twice = new TaskManager({ queue }).tsApp(function twice(x: number) {
      return 2 * x;
    });
    for (let x = 0; x < 1200; x++) twice(x);
    const pages = await Array.fromAsync(taskPages(queue));
    expect(pages.map((page) => page.length)).toEqual([500, 500, 200]);
    expect(pages.flat().map(({ entry }) => entry.index)).toEqual(Array.from({ length: 1200 }, (_, x) => x));
    expect(pages[0]?.[0]?.entry).toMatchObject({ state: 'PENDING', attempts: 0, seconds: null, t0: null });
  });

  it('gives no page where nothing matches', async () => {
    const baseDir = mkdtempSync(join(tmpdir(), 'tspipe-insight-'));
    onTestFinished(() => rmSync(baseDir, { recursive: true, force: true }));
    const queue = new Queue('q', { baseDir });
    onTestFinished(() => queue.close());
    expect(await Array.fromAsync(taskPages(queue, { state: 'KILLED' }))).toEqual([]);
  });
});
