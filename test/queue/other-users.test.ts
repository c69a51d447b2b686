import { lstatSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { processIdentity } from '../../src/util/index.ts';
import { canBeOthers, cliAs, folderOf, scriptAs, type User } from '../helpers/other-users.ts';
import { makeFolder } from '../helpers/place.ts';
import { until } from '../helpers/processes.ts';

const SURVEY = 64100;
const ann: User = { uid: 64001, gid: SURVEY };
const bob: User = { uid: 64002, gid: SURVEY };
const eve: User = { uid: 64003, gid: 64003 };

/** A queue with tasks of both kinds; `options` are those of its Queue. */
const script = (options: string, more = ''): string => `
import { Queue, spawn, TaskManager } from 'tspipe';
const queue = new Queue('q', { baseDir: 'queues', ${options} });
const tm = new TaskManager({ queue, scheduler: { maxWorkers: 2 } });
const twice = tm.tsApp(function twice(x) { console.log('from', x); return { twice: new Float64Array(50_000).fill(2 * x) }; });
const id = tm.bashApp(function id() { return 'id -u'; });
twice(1); twice(2); id();
${more}`;
const RUN = "await spawn(queue, { mode: 'no_stream' });";

const state = (folder: string): unknown[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => {
      const { ino, size, mtimeNs, mode } = lstatSync(join(folder, name), { bigint: true });
      return [name, ino, size, mtimeNs, mode];
    });

const modes = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => {
      const { mode } = lstatSync(join(folder, name));
      return [name, (mode & 0o7777).toString(8)];
    }),
  );

const noLog = async (folder: string): Promise<void> =>
  until('no process has the queue open', () => !readdirSync(folder).includes('q.sqlite-wal'));

// Root only may become others.
describe.skipIf(!canBeOthers)("another user's queue", () => {
  it('that is shared for reading is read with every command, and nothing is written', async () => {
    const cwd = folderOf(ann, makeFolder());
    const made = await scriptAs(ann, script("share: 'read'", RUN), { cwd, umask: '077' });
    expect(made).toMatchObject({ code: 0 });
    const folder = join(cwd, 'queues');
    await noLog(folder);
    const path = join(folder, 'q');
    const before = state(folder);
    const run = (words: readonly string[], input?: string) =>
      cliAs(bob, words, { cwd: '/tmp', ...(input === undefined ? {} : { input }) });

    expect((await run(['queues', '-q', path])).out).toMatch(/ACTIVE\s+3 SUCCEEDED\s+no manager/);
    expect(JSON.parse((await run(['tasks', '-q', path, '--json'])).out)).toHaveLength(3);
    expect((await run(['tasks', '-q', path, '--name', 'twice', '--property', 'out'])).out).toContain(
      'from 1',
    );
    expect((await run(['time', '-q', path])).out).toMatch(/twice\s+2/);
    expect((await run(['result', '-q', path, 'id[0]'])).out).toBe(`${ann.uid}\n`);
    expect((await run(['result', '-q', path, 'twice[1]', '--json'])).out).toContain('4');
    expect((await run(['results', '-q', path, '--name', 'id', '--csv'])).out).toContain(String(ann.uid));
    expect((await run(['check', '-q', path])).out).toContain('no fault');
    const prompt = await run(['repl', '-q', path], "tasks({ name: 'twice' }).length\nqueue.state()\n");
    expect(prompt).toMatchObject({ code: 0, out: expect.stringMatching(/2\n.*'ACTIVE'/s) });
    const read = await scriptAs(
      bob,
      `import { Queue } from 'tspipe';
      const queue = new Queue(${JSON.stringify(path)}, { create: false });
      for await (const value of queue.results('twice')) console.log(value.twice[0]);`,
      { cwd: folderOf(bob, makeFolder()) },
    );
    expect(read).toMatchObject({ code: 0, out: '2\n4\n' });

    for (const words of [
      ['pause'],
      ['resume'],
      ['retry', '--state', 'succeeded'],
      ['kill', '--state', 'pending', 'succeeded'],
      ['delete', '--force'],
      ['spawn'],
      ['spawn', '--detach'],
      ['work'],
    ]) {
      const { code, err } = await run([...words, '-q', path]);
      expect([words, code, err]).toEqual([
        words,
        1,
        expect.stringMatching(/QUEUE_READ_ONLY.*belongs to .*64001.*--trust/),
      ]);
    }
    // Trust is no right to write.
    expect((await run(['pause', '-q', path, '--trust'])).err).toMatch(/QUEUE_READ_ONLY.*you may not write/);
    expect(state(folder)).toEqual(before);
  });

  it('is read while its owner works on it', async () => {
    const cwd = folderOf(ann, makeFolder());
    const loop = `for (let round = 0; round < 6; round++) { for (let i = 0; i < 50; i++) twice(100 * round + i); ${RUN} }`;
    let isOver = false;
    const running = scriptAs(ann, script("share: 'read'", loop), { cwd }).finally(() => {
      isOver = true;
    });
    const path = join(cwd, 'queues', 'q');
    await until('it has tasks', () => statSync(`${path}.sqlite`, { throwIfNoEntry: false })?.size);
    const sizes: number[] = [];
    const errors: string[] = [];
    while (!isOver) {
      const { code, out, err } = await cliAs(bob, ['queues', '-q', path, '--json'], { cwd: '/tmp' });
      if (code === 0) sizes.push((JSON.parse(out) as { size: number }[])[0]?.size ?? -1);
      else errors.push(err);
    }
    expect((await running).code).toBe(0);
    expect(errors).toEqual([]);
    expect(sizes.length).toBeGreaterThan(1);
    expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
  });

  it('is not for those that it is not shared with, and says whom to ask', async () => {
    const cwd = folderOf(ann, makeFolder());
    await scriptAs(ann, script(''), { cwd });
    await scriptAs(ann, script("share: 'read'").replace("'queues'", "'shared'"), { cwd });
    for (const [user, folder] of [
      [bob, 'queues'],
      [eve, 'shared'],
    ] as const) {
      const { code, err } = await cliAs(user, ['queues', '-q', join(cwd, folder, 'q')], { cwd: '/tmp' });
      expect([code, err]).toEqual([1, expect.stringMatching(/QUEUE_NOT_(READABLE|FOUND)/)]);
    }
  });

  it('is read by root without a trace, and not run by root', async () => {
    const cwd = folderOf(ann, makeFolder());
    await scriptAs(ann, script(''), { cwd });
    const folder = join(cwd, 'queues');
    const path = join(folder, 'q');
    const before = state(folder);
    const root: User = { uid: 0, gid: 0 };
    expect((await cliAs(root, ['queues', '-q', path], { cwd: '/tmp' })).out).toContain('3 PENDING');
    const { code, err } = await cliAs(root, ['spawn', '-q', path], { cwd: '/tmp' });
    expect([code, err]).toEqual([1, expect.stringMatching(/QUEUE_READ_ONLY.*belongs to/)]);
    expect(state(folder)).toEqual(before);
  });

  it('that a group shares is run with trust by each of its members, whatever their umask', async () => {
    const cwd = folderOf(ann, makeFolder());
    expect(await scriptAs(ann, script("share: 'group'"), { cwd, umask: '077' })).toMatchObject({ code: 0 });
    const folder = join(cwd, 'queues');
    const path = join(folder, 'q');
    const refused = await cliAs(ann, ['spawn', '-q', path], { cwd });
    expect([refused.code, refused.err]).toEqual([
      1,
      expect.stringMatching(
        /QUEUE_NOT_TRUSTED.*q\.sqlite \(mode 0660\) can be written by its group.*--trust/,
      ),
    ]);
    expect(await cliAs(bob, ['pause', '-q', path, '--trust'], { cwd, umask: '077' })).toMatchObject({
      code: 0,
    });
    expect(await cliAs(ann, ['resume', '-q', path, '--trust'], { cwd })).toMatchObject({ code: 0 });
    const run = await cliAs(bob, ['spawn', '-q', path, '--trust', '--mode', 'no_stream'], {
      cwd,
      umask: '077',
    });
    expect(run).toMatchObject({ code: 0 });
    expect((await cliAs(ann, ['result', '-q', path, 'id[0]'], { cwd })).out).toBe(`${bob.uid}\n`);
    // And the other way round, in what the first one made.
    const more = script("share: 'group', trust: true", `twice(3); ${RUN}`);
    expect(await scriptAs(ann, more, { cwd, umask: '077' })).toMatchObject({ code: 0 });
    const added = script('trust: true', `twice(4); ${RUN}`);
    expect(await scriptAs(bob, added, { cwd, umask: '0' })).toMatchObject({ code: 0 });
    await noLog(folder);
    expect(statSync(join(folder, 'q.d')).gid).toBe(SURVEY);
    const wrong = Object.entries(modes(folder)).filter(
      ([name, mode]) => mode !== (/\.d$|blobs$|logs$|workers$/.test(name) ? '2770' : '660'),
    );
    expect(wrong).toEqual([]);
    const users = new Set(
      readdirSync(join(folder, 'q.d/blobs')).map((name) => statSync(join(folder, 'q.d/blobs', name)).uid),
    );
    expect([...users].sort()).toEqual([ann.uid, bob.uid]);
    expect((await cliAs(eve, ['queues', '-q', path], { cwd: '/tmp' })).code).toBe(1);
  });

  it('leaves what a dead agent of another user held to that user, who alone can end what it left running', async () => {
    const folder = folderOf(ann, makeFolder());
    const source = join(import.meta.dirname, '../../src/queue/worker-identity.ts');
    const dead = { ...processIdentity(), pid: 4_194_304, startTime: '1', mark: 'gone' };
    writeFileSync(join(folder, '0.process'), JSON.stringify(dead), { mode: 0o644 });
    const look = (user: User) =>
      scriptAs(user, `import { endOrphans } from '${source}'; console.log(await endOrphans('${folder}'));`, {
        cwd: folderOf(user, makeFolder()),
      });
    expect(await look(bob)).toMatchObject({
      out: 'false\n',
      err: expect.stringContaining('agent of user 64001 has died'),
    });
    expect(await look(ann)).toMatchObject({ out: 'true\n', err: '' });
    writeFileSync(join(folder, '0.process'), JSON.stringify({ ...dead, boot: 'earlier' }));
    expect(await look(bob)).toMatchObject({ out: 'true\n', err: '' });
  });
});
