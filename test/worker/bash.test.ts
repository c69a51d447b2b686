import { describe, expect, it } from 'vitest';
import { type Future, sh, spawn, TaskError } from 'tspipe';
import { makePlace } from '../helpers/place.ts';

const quiet = { mode: 'no_stream' } as const;

/** Runs one bash app that returns this; gives its Future when all is done. */
async function run(returned: unknown, scheduler: object = { maxWorkers: 1 }): Promise<Future<string>> {
  const { queue, taskManager } = makePlace();
  const app = taskManager({ scheduler }).bashApp(function app() {
    return returned as string;
  });
  const future = app();
  await spawn(queue, quiet);
  return future;
}

async function failure(future: Future<string>): Promise<TaskError> {
  const error: unknown = await future.result().catch((reason: unknown) => reason);
  if (error instanceof TaskError) return error;
  throw new Error(`a TaskError was expected, not ${String(error)}`);
}

describe('a bash app', () => {
  it('runs a list without a shell', async () => {
    const future = await run(['printf', '%s|', '$HOME', 'a b', '*', 7]);
    expect(await future.result()).toBe('$HOME|a b|*|7|');
    expect(await future.out()).toBe('$HOME|a b|*|7|');
  });

  it('runs text by bash -euo pipefail', async () => {
    expect(
      await (
        await run('[[ $- == *e* && $- == *u* ]] && shopt -o pipefail; echo "$BASH_VERSION" | wc -l')
      ).result(),
    ).toBe('pipefail       \ton\n1\n');
    expect((await failure(await run('false; echo not reached'))).exitCode).toBe(1);
    expect((await failure(await run('echo "$not_set_at_all"'))).message).toContain('not_set_at_all');
    expect((await failure(await run('exit 4 | cat'))).exitCode).toBe(4);
  });

  it('quotes what sh inserts', async () => {
    const { queue, taskManager } = makePlace();
    const app = taskManager().bashApp(function app(words: string[]) {
      return sh`printf '%s|' ${words[0] ?? ''} ${words}`;
    });
    const words = ["it's", '$(touch x)', 'a\nb', ''];
    const future = app(words);
    await spawn(queue, quiet);
    expect(await future.result()).toBe(["it's", ...words].map((word) => `${word}|`).join(''));
  });

  it.each([1, 4])('has its standard output as result, exactly, with concurrency %i', async (concurrency) => {
    const scheduler = { maxWorkers: 1, concurrency };
    expect(await (await run('printf "\\n a\\n\\n"', scheduler)).result()).toBe('\n a\n\n');
    expect(await (await run('true', scheduler)).result()).toBe('');
    const large = await (await run('head -c 20971520 /dev/zero | tr "\\0" x; echo', scheduler)).result();
    expect(large.length).toBe(20 * 2 ** 20 + 1);
    expect(large.endsWith('x\n')).toBe(true);
  });

  it('does not take what its function prints for the result', async () => {
    const { queue, taskManager } = makePlace();
    const app = taskManager().bashApp(function app() {
      console.log('from the function');
      return ['echo', 'from the command'];
    });
    const future = app();
    await spawn(queue, quiet);
    expect(await future.result()).toBe('from the command\n');
  });

  it('keeps the exit code of each command, with output and without', async () => {
    const { queue, taskManager } = makePlace();
    const app = taskManager({ scheduler: { maxWorkers: 2 } }).bashApp(function app(n: number) {
      return n % 7 === 6 ? `exit ${n}` : n % 3 === 2 ? ['echo', n] : ['true'];
    });
    for (let n = 0; n < 60; n++) app(n);
    await spawn(queue, quiet);
    const tasks = await queue.tasks({ name: 'app' });
    expect(tasks.map(({ index, attempts }) => [index, attempts.map(({ errno }) => errno)])).toEqual(
      Array.from({ length: 60 }, (_, n) => [n, [n % 7 === 6 ? n : 0]]),
    );
  });

  it('names exit codes and signals', async () => {
    expect((await failure(await run('exit 9'))).message).toContain('exited with code 9');
    const pipe = await failure(await run('yes | head -n 1 >/dev/null'));
    expect(pipe.exitCode).toBe(141);
    expect(pipe.message).toContain('a command of the pipe was cut off, SIGPIPE');
    const killed = await failure(await run('kill -KILL $$'));
    expect(killed).toMatchObject({ code: 'TASK_KILLED', signal: 'SIGKILL' });
    expect(killed.message).toContain('SIGKILL');
  });

  it.each([
    ['a command that is not there', ['no-such-command-here'], 'there is no such command'],
    ['a file that is no program', ['/etc/passwd'], 'not executable'],
    ['a command in a text that is not there', 'no-such-command-here', '127'],
    ['an empty text', '  ', 'an empty text'],
    ['an empty list', [], 'an empty list'],
    ['something that is neither', 42, '42'],
    ['a list with something else in it', ['echo', { a: 1 }], 'a list that holds'],
  ])('fails with a clear error for %s', async (_, returned, message) => {
    expect((await failure(await run(returned))).message).toContain(message);
  });

  it.each([1, 4])('does not hang on 300 kB of standard error, with concurrency %i', async (concurrency) => {
    const future = await run('head -c 300000 /dev/zero | tr "\\0" e >&2; echo done', {
      maxWorkers: 1,
      concurrency,
    });
    expect(await future.result()).toBe('done\n');
    expect((await future.err()).length).toBe(300_000);
  });
});
