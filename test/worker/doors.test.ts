import {
  existsSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Queue, sh, spawn, TaskManager } from 'tspipe';
import { makePlace } from '../helpers/place.ts';

const quiet = { mode: 'no_stream' } as const;

// What a shell, an option parser, SQL, a path or a template would take for more than a name.
const HOSTILE = [
  '$(touch pwned)',
  '`touch pwned`',
  "'; touch pwned; '",
  '"; touch pwned; "',
  '--help',
  '-rf',
  '../../pwned',
  '/tmp/../pwned',
  "x'); DROP TABLE task; --",
  '%s%n',
  '$PATH',
  '*',
  '~',
  '\\',
  'a\nb',
  'é b\t',
  '!!js/function',
  '<script>alert(1)</script>',
  '__proto__',
  'constructor',
];

describe('names and values of users', () => {
  it('are arguments of commands, variables, and names of apps, and nothing else', async () => {
    const { queue, taskManager, folder } = makePlace();
    const tm = taskManager({ environ: { data: { A: HOSTILE.join('|') }, command: 'export B="$A"' } });
    const futures = HOSTILE.map((word) => ({
      word,
      list: tm.bashApp({ name: word })(function list(text: string) {
        return ['printf', '%s|%s', text, text];
      })(word),
      text: tm.bashApp({ name: `sh ${word}` })(function text(inserted: string) {
        return sh`printf %s ${inserted}`;
      })(word),
      value: tm
        .tsApp({ name: `ts ${word}` })(function value(key: string) {
          return { [key]: [process.env.A, process.env.B] };
        })
        .with({ key: word })(word),
    }));
    const before = readdirSync(process.cwd());
    await spawn(queue, quiet);
    for (const { word, list, text, value } of futures) {
      expect(await list.result()).toBe(`${word}|${word}`);
      expect(await text.result()).toBe(word);
      expect(Object.entries(await value.result())).toEqual([[word, [HOSTILE.join('|'), HOSTILE.join('|')]]]);
      expect((await queue.tasks()).filter(({ name }) => name === word)).toHaveLength(1);
    }
    expect(readdirSync(process.cwd())).toEqual(before);
    expect(globSync('**/pwned', { cwd: folder })).toEqual([]);
  });

  it.each(['$(touch pwned)', '; touch pwned', '--help', "q'); DROP TABLE task", 'a b', '*', '<b>', '%s'])(
    'are names of queues: %j',
    async (name) => {
      const { folder } = makePlace();
      const queue = new Queue(name, { baseDir: folder });
      const one = new TaskManager({ queue, environ: { command: 'export A=1' } }).bashApp(function one() {
        return ['echo', '1'];
      });
      const future = one();
      await spawn(queue, quiet);
      expect(await future.result()).toBe('1\n');
      expect(queue.path).toBe(join(folder, `${name}.sqlite`));
      expect(globSync('**/pwned', { cwd: folder })).toEqual([]);
      await queue.delete();
    },
  );

  it.each([
    'a/../q',
    'a/../../q',
    'a//b',
    '..',
    '.',
    'q\x1b]0;x\x07',
    'q\x9b1m',
    'q\u202e',
    'q\0',
    'q\n',
    '@bob',
    '@/q',
  ])('are no paths out of the base, and no control characters: %j is refused', (name) => {
    const { folder } = makePlace();
    const make = () => new Queue(name, { baseDir: folder });
    expect(make).toThrow(expect.objectContaining({ code: 'QUEUE_NAME_INVALID' }));
  });
});

describe('links that stand in NAME.d', () => {
  it.each(['workers', 'logs', 'blobs'])('are not followed for writing: %s', async (name) => {
    const { queue, taskManager, folder } = makePlace();
    const make = taskManager().tsApp(function make() {
      return Buffer.alloc(100_000);
    });
    const elsewhere = join(folder, 'elsewhere');
    mkdirSync(elsewhere);
    const directory = queue.path.replace(/\.sqlite$/, '.d');
    const future = make();
    await nextTurn();
    symlinkSync(elsewhere, join(directory, name));
    const outcome = await spawn(queue, quiet)
      .then(
        () => future.result(),
        (error: Error) => error,
      )
      .catch((error: Error) => error);
    expect(String(outcome)).toContain('is a symbolic link, so it is not written to');
    expect(readdirSync(elsewhere)).toEqual([]);
    rmSync(join(directory, name));
  });

  it('are not followed for reading: a row may name a blob by its hash only', async () => {
    const { queue, taskManager } = makePlace();
    const future = taskManager().tsApp(function make() {
      return Buffer.alloc(100_000, 1);
    })();
    await spawn(queue, quiet);
    expect(await future.result()).toHaveLength(100_000);
    const blobs = join(queue.path.replace(/\.sqlite$/, '.d'), 'blobs');
    const [name = ''] = readdirSync(blobs);
    writeFileSync(join(blobs, name), '[3]\nabc');
    await expect(
      new Queue(queue.path).task((await queue.tasks())[0]?.id ?? '').then((task) => task.result),
    ).rejects.toMatchObject({ code: 'VALUE_MALFORMED' });
  });
});

describe('the network', () => {
  it('is where nothing of ours listens while a queue runs', async () => {
    const { queue, taskManager, folder } = makePlace();
    const look = taskManager({ scheduler: { maxWorkers: 2 } }).tsApp(async function look(): Promise<
      number[]
    > {
      const { readFileSync } = await import('node:fs');
      const parentOf = (pid: number) =>
        Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'latin1'))?.[1]);
      // The worker, its agent, and the manager, which is the script.
      return [process.pid, process.ppid, parentOf(process.ppid)];
    });
    const idle = taskManager().bashApp(function idle() {
      return ['cat', '/proc/self/net/tcp', '/proc/self/net/tcp6', '/proc/self/net/udp'];
    });
    const hold = taskManager().tsApp(async function hold(file: string): Promise<number> {
      const { existsSync } = await import('node:fs');
      const { setTimeout: delay } = await import('node:timers/promises');
      while (!existsSync(file)) await delay(5);
      return process.pid;
    });
    const end = join(folder, 'end');
    const [looked, idled] = [look(), idle()];
    hold(end);
    const run = spawn(queue, quiet);
    const [worker, agent] = await looked.result();
    await idled.result();
    const listening = listeningSockets();
    for (const pid of [worker, agent, process.pid])
      expect(socketsOf(pid ?? 0).filter((socket) => listening.has(socket))).toEqual([]);
    expect(socketsOf(agent ?? 0).length + socketsOf(worker ?? 0).length).toBeGreaterThan(0);
    writeFileSync(end, '');
    await run;
    expect(existsSync(end)).toBe(true);
  });
});

/** Inodes of sockets that wait for others of the network. */
function listeningSockets(): ReadonlySet<string> {
  const rows = ['tcp', 'tcp6', 'udp', 'udp6', 'raw', 'raw6'].flatMap((protocol) => {
    const text = existsSync(`/proc/net/${protocol}`) ? readFileSync(`/proc/net/${protocol}`, 'latin1') : '';
    return text
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/ +/));
  });
  return new Set(rows.map((columns) => columns[9] ?? ''));
}

/** Inodes of the sockets that a process has open, those between our own processes too. */
function socketsOf(pid: number): string[] {
  return readdirSync(`/proc/${pid}/fd`).flatMap((descriptor) => {
    try {
      return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${descriptor}`))?.[1] ?? [];
    } catch {
      // It is closed by now.
      return [];
    }
  });
}
