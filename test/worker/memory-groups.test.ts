import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Future, spawn } from 'tspipe';
import { MemoryGroup } from '../../src/util/index.ts';
import { makePlace } from '../helpers/place.ts';
import { processesOf, until } from '../helpers/processes.ts';

const quiet = { mode: 'no_stream' } as const;
const probe = MemoryGroup.make('probe');
probe?.remove();

/** The folder of the group that a task named, as /proc/self/cgroup has it. */
function folderOf(path = ''): string {
  return join(dirname(probe?.folder ?? ''), path.split('/').at(-1) ?? '');
}

async function errorOf(future: Future<unknown>): Promise<unknown> {
  return await future.result().then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe.skipIf(probe === undefined)(
  'the control group of a worker (skipped where this process may make none)',
  () => {
    it('holds a task to the memory it declares, at once, and harms no other', async () => {
      const { queue, taskManager, log, lines } = makePlace();
      const tm = taskManager({ scheduler: { maxWorkers: 2 } });
      const hold = tm.tsApp({ memory: '300 MB' })(function hold(bytes: number) {
        const { appendFileSync, readFileSync } = process.getBuiltinModule('node:fs');
        const own = readFileSync('/proc/self/cgroup', 'utf8').match(/^\d+:(?:.*,)?memory[^:]*:(.*)$/m);
        appendFileSync(log, `${own?.[1]}\n`);
        const held: Buffer[] = [];
        for (let n = 0; n < bytes; n += 1e7) held.push(Buffer.alloc(1e7, 1));
        return held.length;
      });
      const other = tm.tsApp(async function other(n: number) {
        await new Promise((done) => setTimeout(done, 50));
        return n;
      });
      const [small, large, again] = [hold(5e7), hold(3e9), hold(6e7)];
      const others = [1, 2, 3].map((n) => other(n));
      expect(await spawn(queue, quiet)).toMatchObject({ stopped: 'done', succeeded: 5, failed: 1 });
      expect(await Promise.all(others.map((one) => one.result()))).toEqual([1, 2, 3]);
      expect([await small.result(), await again.result()]).toEqual([5, 6]);
      const error = (await errorOf(large)) as Error;
      expect(error).toMatchObject({ code: 'TASK_KILLED', signal: 'SIGKILL' });
      expect(error.message).toMatch(/It used 3\d\d MB of 300 MB declared \(memory\)/);
      expect(await large.state()).toBe('KILLED');
      expect((await large.task()).attempts[0]?.peakMemory).toBeGreaterThan(2.7e8);
      expect((await small.task()).attempts[0]?.peakMemory).toBeGreaterThan(5e7);
      await expect.poll(() => processesOf(queue)).toEqual([]);
      const groups = new Set(lines().map(folderOf));
      expect([...groups].every((folder) => folder.includes('/tspipe-'))).toBe(true);
      expect([...groups].filter((folder) => existsSync(folder))).toEqual([]);
    });

    it.each([
      ['the last of its commands', 'head -c 600M /dev/zero | tail -c 600M'],
      [
        'a command whose end it does not heed',
        'echo begun; head -c 600M /dev/zero | tail -c 600M > /dev/null; true',
      ],
      ['a command of another session', 'setsid sh -c "head -c 600M /dev/zero | tail -c 600M"; sleep 1000'],
    ])('ends a bash app for %s, with the same words', async (_, command) => {
      const { queue, taskManager } = makePlace();
      const tm = taskManager({ scheduler: { maxWorkers: 1 } });
      const shell = tm.bashApp({ memory: '200 MB' })(function shell(text: string) {
        return text;
      });
      const [large, small] = [shell(command), shell('echo fine')];
      expect(await spawn(queue, quiet)).toMatchObject({ stopped: 'done', succeeded: 1, failed: 1 });
      const error = (await errorOf(large)) as Error;
      expect(error).toMatchObject({ code: 'TASK_KILLED', signal: 'SIGKILL' });
      expect(error.message).toMatch(/It used 2\d\d MB of 200 MB declared \(memory\)/);
      expect(await large.out()).toBe(command.startsWith('echo') ? 'begun\n' : '');
      expect(await small.result()).toBe('fine\n');
      await expect.poll(() => processesOf(queue)).toEqual([]);
    });

    it.each(['worker', 'agent'])('is gone soon after the %s is killed', async (program) => {
      const { queue, taskManager, log, lines } = makePlace();
      const tm = taskManager({ scheduler: { maxWorkers: 1 } });
      const wait = tm.tsApp({ memory: '300 MB' })(async function wait() {
        const { appendFileSync, readFileSync } = process.getBuiltinModule('node:fs');
        const own = readFileSync('/proc/self/cgroup', 'utf8').match(/^\d+:(?:.*,)?memory[^:]*:(.*)$/m);
        appendFileSync(log, `${own?.[1]}\n`);
        const isFirst = readFileSync(log, 'utf8').split('\n').length === 2;
        await new Promise((done) => setTimeout(done, isFirst ? 100_000 : 1));
      });
      wait();
      const running = spawn(queue, quiet);
      await until('it runs', () => lines().length > 0);
      const first = folderOf(lines()[0]);
      expect(existsSync(first)).toBe(true);
      const [pid = 0] = processesOf(queue, program === 'agent' ? /agent\/main\./ : /worker\/main\./);
      process.kill(pid, 'SIGKILL');
      await running;
      expect(lines()).toHaveLength(program === 'agent' ? 2 : 1);
      const left = () =>
        lines()
          .map(folderOf)
          .filter((folder) => existsSync(folder));
      await expect.poll(left).toEqual([]);
    });
  },
);
