import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inspect } from 'node:util';
import { type Future, spawn } from 'tspipe';
import { makePlace } from '../helpers/place.ts';
import { runInTerminal } from './pseudo-terminal.ts';
import { runCli } from './run-cli.ts';

const EVIL = '\x1b]0;owned\x07\x1b[2J\x9b31m\u202e';
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
const OBEYED = /[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/;

/** A queue of tasks whose names, results, errors and outputs speak to terminals. */
async function hostileQueue(): Promise<{
  readonly path: string;
  readonly live: string;
  readonly failed: Future<never>;
}> {
  const { queue, taskManager } = makePlace();
  const tm = taskManager();
  const name = `app${EVIL}`;
  tm.tsApp({ name })(function say(evil: string) {
    console.log(`out${evil}`);
    console.error(`err${evil}`);
    return { [`key${evil}`]: `value${evil}` };
  })(EVIL);
  const failed = tm.tsApp({ name: 'fail' })(function fail(evil: string): never {
    console.error(`err${evil}`);
    throw Object.assign(new Error(`message${evil}`), { name: `Name${evil}` });
  })(EVIL);
  tm.tsApp({ name: 'text' })(function text(evil: string) {
    return `text${evil}`;
  })(EVIL);
  const written: string[] = [];
  const write = process.stderr.write;
  process.stderr.write = ((chunk: string) => written.push(chunk) > 0) as typeof write;
  try {
    await spawn(queue);
  } finally {
    process.stderr.write = write;
  }
  return { path: queue.path, live: written.join(''), failed };
}

describe('what a terminal would obey', () => {
  it('is in nothing that is shown of tasks, but for their raw outputs and texts, which go to files', async () => {
    const { path, live } = await hostileQueue();
    expect(live).toContain('out');
    expect(live).not.toMatch(OBEYED);
    for (const words of [
      'tasks',
      'results --name text',
      'result fail[0]',
      'time',
      'queues',
      'check',
      'kill --tid ffff',
    ]) {
      const { out, err } = await runCli([...words.split(' '), '-q', path]);
      expect(out + err).not.toBe('');
      expect(out + err, words).not.toMatch(OBEYED);
    }
    const { out } = await runCli(['tasks', '--property', 'out', '-q', path]);
    expect(out).toContain(`out${EVIL}`);
    expect(out).toContain('==> out of app\\u202e[0]');
    expect((await runCli(['result', 'text[0]', '-q', path])).out).toBe(`text${EVIL}\n`);
  });

  it('is in no error that a script gets, as Node prints it', async () => {
    const { failed } = await hostileQueue();
    const error: unknown = await failed.result().then(
      () => expect.fail('no error'),
      (reason: unknown) => reason,
    );
    expect(inspect(error)).toContain('message');
    // In the texts of properties Node escapes all but the marks that reverse.
    expect(inspect(error).replaceAll('\u202e', '')).not.toMatch(OBEYED);
    expect((error as Error).message).not.toMatch(OBEYED);
    expect((error as Error).cause).toMatchObject({ message: `message${EVIL}` });
  });

  it('stands in JSON as escapes, and is the same when it is read', async () => {
    const { path } = await hostileQueue();
    for (const words of [
      'tasks --json --property out err',
      'results --name text --json',
      'result text[0] --json',
    ]) {
      const { out } = await runCli([...words.split(' '), '-q', path]);
      expect(out, words).not.toMatch(OBEYED);
      expect(JSON.stringify(JSON.parse(out)), words).toContain(JSON.stringify(EVIL).slice(1, -1));
    }
  });

  it('does not reach a terminal with outputs and results', async () => {
    const { path } = await hostileQueue();
    for (const words of [
      'tasks --property out err',
      'result text[0]',
      'results --name text --csv',
      `result app${EVIL}[0]`,
    ]) {
      const { out: screen } = await runInTerminal([...words.split(' '), '-q', path], { cwd: dirname(path) });
      expect(screen).toMatch(/out|text|value/);
      for (const part of ['\x1b]0;', '\x1b[2J', '\x9b', '\u202e', '\x07']) expect(screen).not.toContain(part);
    }
  });
});
