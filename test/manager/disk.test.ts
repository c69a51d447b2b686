import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Queue, spawn, TaskManager } from 'tspipe';
import { makeFolder, makePlace } from '../helpers/place.ts';
import { processesOf, until } from '../helpers/processes.ts';
import { runScript } from '../helpers/script.ts';

const quiet = { mode: 'no_stream' } as const;
const canMount = process.platform === 'linux' && canMountHere();

/** A small disk of its own, open to nobody else, gone when the test is over. */
function makeDisk(options: string): string {
  const folder = makeFolder();
  const disk = join(folder, 'disk');
  mkdirSync(disk);
  execFileSync('mount', ['-t', 'tmpfs', '-o', `mode=700,${options}`, 'tmpfs', disk]);
  onTestFinished(() => {
    spawnSync('umount', ['-l', disk]);
  });
  return disk;
}

function canMountHere(): boolean {
  if (process.getuid?.() !== 0) return false;
  return spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;
}

/** Takes all the room that is left; returns what gives it back. */
function fill(disk: string): () => void {
  const path = join(disk, 'filler');
  spawnSync('bash', ['-c', `head -c 64M /dev/zero > ${path}; head -c 8192 /dev/zero >> ${path}`]);
  return () => rmSync(path, { force: true });
}

/** A queue on a disk, that is deleted first when the test is over. */
function queueOn(disk: string): Queue {
  const queue = new Queue('q', { baseDir: disk });
  onTestFinished(async () => {
    rmSync(join(disk, 'filler'), { force: true });
    if (existsSync(queue.path)) await new Queue('q', { baseDir: disk }).delete();
  });
  return queue;
}

describe.runIf(canMount)('a full disk', () => {
  it('makes agents and workers keep finished results, and commit them when there is room', async () => {
    const disk = makeDisk('size=8m');
    const queue = queueOn(disk);
    const folder = makeFolder();
    const [go, log] = [join(folder, 'go'), join(folder, 'log')];
    const tm = new TaskManager({ queue, scheduler: { maxWorkers: 2 } });
    const wait = tm.tsApp(async function wait(bytes: number) {
      appendFileSync(log, `${bytes}\n`);
      while (!existsSync(go)) await delay(20);
      return Buffer.alloc(bytes, 7);
    });
    const futures = [wait(10), wait(2_000_000), wait(11), wait(12)];
    const running = spawn(queue, quiet);
    await until('two run', () => existsSync(log) && statSync(log).size > 8);
    const free = fill(disk);
    writeFileSync(go, '');
    await delay(2500);
    expect(await queue.summary()).toMatchObject({ RUNNING: 2, SUCCEEDED: 0, FAILED: 0 });
    free();
    expect(await running).toMatchObject({ stopped: 'done', succeeded: 4, failed: 0 });
    const results = await Promise.all(futures.map((one) => one.result()));
    expect(results.map((bytes) => bytes.length)).toEqual([10, 2_000_000, 11, 12]);
    for (const one of futures) expect((await one.task()).attempts).toHaveLength(1);
    await expect.poll(() => processesOf(queue)).toEqual([]);
  });

  it('makes calls raise, and none is lost where there is room again', async () => {
    const disk = makeDisk('size=4m');
    const queue = queueOn(disk);
    const f = new TaskManager({ queue }).tsApp(function f(text: string) {
      return text.length;
    });
    await queue.flush();
    f('first');
    await queue.flush();
    const free = fill(disk);
    const full = expect.objectContaining({ code: 'DISK_FULL' });
    for (let n = 0; n < 200; n++) f(`${n}`.padEnd(2000));
    await expect(queue.flush()).rejects.toThrow(full);
    await expect(spawn(queue, quiet)).rejects.toThrow(full);
    expect(await new Queue('q', { baseDir: disk }).counts().catch(() => 1)).toBe(1);
    free();
    expect(await spawn(queue, quiet)).toMatchObject({ stopped: 'done', succeeded: 201 });
  });

  it('lets no new queue be made, and leaves nothing in the way of one later', async () => {
    const disk = makeDisk('size=64k');
    const free = fill(disk);
    expect(() => new Queue('q', { baseDir: disk })).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/DISK_FULL|QUEUE_NOT_WRITABLE/) }),
    );
    free();
    execFileSync('mount', ['-o', 'remount,size=4m', disk]);
    const queue = queueOn(disk);
    expect(await queue.counts()).toBe(0);
  });

  it('is not the same as one that may only be read', () => {
    const disk = makeDisk('size=4m');
    execFileSync('mount', ['-o', 'remount,ro', disk]);
    expect(() => new Queue('q', { baseDir: disk })).toThrow(
      expect.objectContaining({ code: 'QUEUE_NOT_WRITABLE' }),
    );
  });
});

describe('a script that may not make large files', () => {
  it('raises and says so at its end, and what was added before is whole', async () => {
    const { folder, queue } = makePlace();
    const script = runScript(
      folder,
      `import { Queue, TaskManager } from 'tspipe';
       const queue = new Queue('q', { baseDir: ${JSON.stringify(folder)} });
       const f = new TaskManager({ queue }).tsApp(function f(text) { return text.length; });
       f('first');
       await queue.flush();
       for (let n = 0; n < 2000; n++) f(String(n).padEnd(3000));`,
      { limits: 'ulimit -f 1500' },
    );
    expect((await script.ended).code).toBe(1);
    expect(script.err()).toMatch(/DISK_FULL/);
    const tasks = await queue.tasks();
    expect(tasks.length).toBeGreaterThan(0);
    expect(tasks.length % 1000).toBeLessThan(2);
    expect(await spawn(queue, quiet)).toMatchObject({ stopped: 'done', succeeded: tasks.length });
  });
});

describe('a queue whose file is', () => {
  it.each([
    ['deleted', (path: string) => rmSync(path)],
    [
      'replaced by a copy',
      (path: string) => {
        copyFileSync(path, `${path}.copy`);
        renameSync(`${path}.copy`, path);
      },
    ],
  ])('%s while tasks run ends the run with an error, and no process stays', async (_, change) => {
    const place = makePlace();
    const { log } = place;
    const wait = place.taskManager().tsApp(async function wait() {
      appendFileSync(log, 'begin\n');
      await delay(100_000);
    });
    wait();
    const running = spawn(place.queue, quiet);
    await until('it runs', () => place.lines().length > 0);
    change(place.queue.path);
    await expect(running).rejects.toThrow(expect.objectContaining({ code: 'QUEUE_NOT_FOUND' }));
    await until('no process stays', () => processesOf(place.queue).length === 0);
    for (const ending of ['', '-wal', '-shm']) rmSync(place.queue.path + ending, { force: true });
  });
});
