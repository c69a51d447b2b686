import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { context, type PipeError, Queue, secret, setLogging, spawn } from 'tspipe';
import { runCli } from '../cli/run-cli.ts';
import { makePlace, type Place } from '../helpers/place.ts';
import { runScript } from '../helpers/script.ts';
import { processesOf, until } from '../helpers/processes.ts';

const quiet = { mode: 'no_stream' } as const;

/** Two variables with values that no test holds: one named like a secret, and one that is declared. */
function makeSecrets(): { readonly token: string; readonly pin: string } {
  const token = `tok"en\\${randomUUID()}`;
  const pin = `pin-${randomUUID()}`;
  vi.stubEnv('ARCHIVE_TOKEN', token);
  vi.stubEnv('DOOR', pin);
  return { token, pin };
}

const environ = { data: { ARCHIVE_TOKEN: secret('ARCHIVE_TOKEN'), MINE: secret('DOOR') } };

/** The files of a queue that hold a text, as it is or as JSON writes it. */
function filesWith({ queue }: Place, text: string): string[] {
  const names = readdirSync(dirname(queue.path), { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  expect(files.length).toBeGreaterThan(2);
  const needles = [text, JSON.stringify(text).slice(1, -1)];
  return files.filter((file) => needles.some((needle) => readFileSync(file).includes(needle)));
}

async function ended({ queue }: Place): Promise<void> {
  await until('its processes are gone', () => processesOf(queue).length === 0);
}

describe('the value of a secret', () => {
  it.each([1, 3])(
    'is in no file of the queue and in nothing shown when tasks print, log, throw and return it, %i at once',
    async (concurrency) => {
      const values = makeSecrets();
      const place = makePlace();
      const tm = place.taskManager({ environ, scheduler: { maxWorkers: 1, concurrency } });
      const print = tm.tsApp(function print() {
        const { ARCHIVE_TOKEN = '', MINE = '' } = process.env;
        console.log(`out ${ARCHIVE_TOKEN} ${MINE}`);
        console.error(`err ${ARCHIVE_TOKEN} ${MINE} ${encodeURIComponent(ARCHIVE_TOKEN)}`);
        context.log('log', ARCHIVE_TOKEN, MINE);
        return [ARCHIVE_TOKEN.length, MINE.length];
      });
      const fail = tm.tsApp(function fail() {
        const { ARCHIVE_TOKEN, MINE } = process.env;
        throw Object.assign(new Error(`no entry with ${ARCHIVE_TOKEN}`, { cause: MINE }), { MINE });
      });
      const give = tm.tsApp(function give() {
        return { headers: [`Bearer ${process.env.ARCHIVE_TOKEN}`, process.env.MINE] };
      });
      const keep = tm.tsApp(async function keep() {
        await context.checkpoint([process.env.MINE]);
      });
      const call = tm.tsApp(function call() {
        return print.with({ key: process.env.MINE ?? '' })();
      });
      const echo = tm.bashApp(function echo() {
        return 'echo "$ARCHIVE_TOKEN"; echo "$MINE" >&2';
      });
      const die = tm.tsApp(function die() {
        console.log(process.env.MINE);
        process.kill(process.pid, 'SIGKILL');
        return new Promise(() => undefined);
      });
      const futures = { fail: fail(), give: give(), keep: keep(), call: call() };
      const [printed, echoed] = [print(), echo()];
      const dead = concurrency === 1 ? die() : undefined;
      await spawn(place.queue, quiet);

      expect(await printed.result()).toEqual([values.token.length, values.pin.length]);
      expect(await printed.out()).toBe('out [secret ARCHIVE_TOKEN] [secret MINE]\n');
      expect(await printed.err()).toBe(
        'err [secret ARCHIVE_TOKEN] [secret MINE] [secret ARCHIVE_TOKEN]\nlog [secret ARCHIVE_TOKEN] [secret MINE]\n',
      );
      expect(await echoed.result()).toBe('[secret ARCHIVE_TOKEN]\n');
      expect(await echoed.err()).toBe('[secret MINE]\n');
      const errorOf = (name: keyof typeof futures) =>
        futures[name].result().then(
          () => expect.fail('no error'),
          (error: PipeError) => error,
        );
      expect((await errorOf('fail')).message).toContain('no entry with [secret ARCHIVE_TOKEN]');
      expect((await errorOf('give')).cause).toMatchObject({ code: 'SECRET_REFUSED' });
      expect((await errorOf('give')).message).toContain('The result of give holds the value of the secret');
      expect((await errorOf('keep')).message).toContain('keep → checkpoint: the value of');
      expect((await errorOf('call')).message).toContain('print → key: the value of');
      if (dead !== undefined) expect(await dead.out()).toBe('[secret MINE]\n');

      await ended(place);
      const shown = [];
      for (const words of [
        'tasks --json --property out err',
        'results --name print --json',
        'result fail[0]',
      ])
        shown.push(await runCli([...words.split(' '), '-q', place.queue.path]));
      expect(JSON.stringify(shown)).toContain('err [secret ARCHIVE_TOKEN] [secret MINE]');
      expect(shown.map(({ err }) => err)).toEqual(['', '', expect.stringContaining('no entry with [secret')]);
      for (const value of Object.values(values)) {
        expect(filesWith(place, value)).toEqual([]);
        expect(JSON.stringify(shown)).not.toContain(JSON.stringify(value).slice(1, -1));
      }
    },
  );

  it('is masked in what running tasks print live', async () => {
    const { token, pin } = makeSecrets();
    const { folder } = makePlace();
    const script = runScript(
      folder,
      `import { Queue, TaskManager, spawn, secret } from 'tspipe';
       const queue = new Queue('live', { baseDir: ${JSON.stringify(folder)} });
       const tm = new TaskManager({ queue, environ: { data: { MINE: secret('DOOR'), ARCHIVE_TOKEN: secret('ARCHIVE_TOKEN') } } });
       const print = tm.tsApp(function print() { console.log('see', process.env.MINE, process.env.ARCHIVE_TOKEN); });
       print();
       await spawn(queue);
       await queue.delete();`,
    );
    expect(await script.ended).toMatchObject({ code: 0 });
    // Covered in the worker's file where the task had ended before the manager looked.
    expect(script.err()).toMatch(/see (\[secret DOOR\] \[secret ARCHIVE_TOKEN\]|\*{40} \*{40,})\n/);
    for (const value of [token, pin]) expect(script.out() + script.err()).not.toContain(value);
  });

  it('does not stay in the files of a worker that goes on', async () => {
    const { pin } = makeSecrets();
    const place = makePlace();
    const tm = place.taskManager({ environ, scheduler: { maxWorkers: 1 } });
    const print = tm.tsApp(function print() {
      console.log(`1 ${process.env.MINE} 2`);
    });
    const echo = tm.bashApp(function echo() {
      return 'echo "$MINE" | tee /dev/stderr';
    });
    const look = tm.tsApp(async function look(folder: string) {
      const { readdirSync, readFileSync } = await import('node:fs');
      const files = readdirSync(folder, { recursive: true }).map((name) => `${folder}/${name}`);
      return files.filter((file) => /\.(out|err)$/.test(file)).map((file) => readFileSync(file, 'utf8'));
    });
    const texts = look.with({ after: [print(), echo()] })(join(dirname(place.queue.path), 'q.d', 'workers'));
    await spawn(place.queue, quiet);
    const stars = '*'.repeat(pin.length);
    expect((await texts.result()).sort()).toEqual([`${stars}\n`, `1 ${stars} 2\n${stars}\n`]);
  });

  it('is on no command line, of agents, workers, launchers and set-up commands, while tasks run', async () => {
    const values = makeSecrets();
    const place = makePlace();
    const lines = join(place.folder, 'lines');
    const look = `cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' ' >> ${lines} || true`;
    const tm = place.taskManager({ environ: { ...environ, command: [look, 'export LATER=1'] } });
    const ask = tm.bashApp(function ask(_n: number) {
      return look;
    });
    for (let n = 0; n < 5; n++) ask(n);
    await spawn(place.queue, quiet);
    const seen = readFileSync(lines, 'utf8');
    for (const what of ['worker/main', 'agent/main', 'bash -l']) expect(seen).toContain(what);
    for (const value of Object.values(values)) expect(seen).not.toContain(value);
  });

  it.each([
    ['an argument', 'fit → argument 2 → headers[0].auth'],
    ['a key of an argument', 'fit → argument 2 → …'],
    ['the key', 'fit → key'],
    ['the name', 'an app → the name'],
    ['the environment', 'fit → the environment'],
    ['the options', 'fit → the options'],
  ])('is refused in %s of a call, which does not name it', async (where, way) => {
    const { token } = makeSecrets();
    const place = makePlace();
    const header = `Bearer ${token}`;
    const tm = place.taskManager(
      where === 'the environment' ? { environ: { data: { HEADER: header } } } : {},
    );
    const fit = tm.tsApp(
      where === 'the options'
        ? { identity: { versions: [header] } }
        : where === 'the name'
          ? { name: header }
          : {},
    )(function fit(_n: number, _data?: unknown) {
      return 1;
    });
    const call = async () => {
      if (where === 'an argument') return await fit(1, { headers: [{ auth: header }] }).result();
      if (where === 'a key of an argument') return await fit(1, { [header]: 1 }).result();
      return await fit
        .with(where === 'the key' ? { key: header } : {})(1)
        .result();
    };
    const error = await call().then(
      () => expect.fail('no error'),
      (reason: PipeError) => reason,
    );
    expect(error).toMatchObject({ code: 'SECRET_REFUSED' });
    expect(error.message).toContain(way);
    expect(filesWith(place, token)).toEqual([]);
  });

  it('is refused by what the environment declares, whatever the variable is called', async () => {
    const { pin } = makeSecrets();
    const place = makePlace();
    const tm = place.taskManager({ environ });
    const open = tm.tsApp(function open(_door: string) {
      return 1;
    });
    const captured = tm.tsApp(function captured() {
      return pin;
    });
    for (const call of [() => open(pin), () => captured()])
      await expect((async () => await call().result())()).rejects.toMatchObject({ code: 'SECRET_REFUSED' });
    expect(filesWith(place, pin)).toEqual([]);
  });

  it('that is written into the environment is warned of, once, and masked', async () => {
    const lines: string[] = [];
    setLogging({ sink: (line) => lines.push(line) });
    onTestFinished(() => setLogging({ sink: (line) => process.stderr.write(`${line}\n`) }));
    const place = makePlace();
    const tm = place.taskManager({ environ: { data: { WRITTEN_KEY: 'not so secret', COMPASS: 'north' } } });
    const print = tm.bashApp(function print(_n: number) {
      return 'echo "$WRITTEN_KEY"';
    });
    const futures = [print(1), print.with({ cores: 1 })(2)];
    await spawn(place.queue, quiet);
    expect(await futures[0]?.result()).toBe('[secret WRITTEN_KEY]\n');
    expect(lines).toEqual([
      expect.stringContaining('The environment gives WRITTEN_KEY a value, which is stored'),
    ]);
  });

  it('in a call of another app does not keep the others out', async () => {
    const { token } = makeSecrets();
    const place = makePlace();
    const fit = place.taskManager().tsApp(function fit(text: string) {
      return text;
    });
    const [good, bad] = [fit('good'), fit(token)];
    await expect((async () => await bad.result())()).rejects.toMatchObject({ code: 'SECRET_REFUSED' });
    await spawn(place.queue, quiet);
    expect(await good.result()).toBe('good');
    expect(await new Queue(place.queue.path).tasks()).toHaveLength(1);
  });
});
