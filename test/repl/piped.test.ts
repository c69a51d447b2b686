import { describe, expect, it } from 'vitest';
import { makeFits, runPiped } from './run-repl.ts';

describe('tspipe repl, fed from a pipe', () => {
  it('runs the lines one after the other, prints values as util.inspect does, and ends with 0', async () => {
    const { folder } = await makeFits();
    const { code, out, err } = await runPiped(folder, [
      '1 + 1',
      "({ a: [1, 'x'] })",
      'const wait = new Promise((resolve) => setTimeout(resolve, 50, 7))',
      'await wait',
      'function twice(x) {',
      '  return 2 * x;',
      '}',
      'twice(4)',
      '.exit',
      '"never"',
    ]);
    expect({ code, out, err }).toEqual({ code: 0, out: "2\n{ a: [ 1, 'x' ] }\n7\n8\n", err: '' });
  });

  it('walks from the killed tasks to a queue that is done', async () => {
    const { folder } = await makeFits();
    const { out, err } = await runPiped(folder, [
      "await queue.tasks({ state: 'KILLED' })",
      "for await (const task of queue.tasks({ state: 'KILLED' })) {",
      '  console.log(task.kwargs, task.app.code.split("\\n")[0]);',
      '  console.log(await task.run({ seed: 5 }));',
      '}',
      "await queue.retry({ state: 'KILLED' })",
      'task(tasks({ index: 2 })[0].id.slice(0, 8)).state',
      "(await spawn(queue, { mode: 'no_stream' })).failed",
    ]);
    expect(out).toMatch(/^\[ Task fit\[2\] [0-9a-f]{16} KILLED \]\n\{ seed: 2 \} function fit\(seed/);
    expect(out).toMatch(/fitting 5\n\{ seed: 5, size: 10 \}\n1\n'PENDING'\n1\n$/);
    expect(err).not.toContain('Uncaught');
  });

  it('makes a new app of a function that is written again, captured with what it refers to', async () => {
    const { folder } = await makeFits();
    const { out, err } = await runPiped(folder, [
      'let step = 1',
      'const add = tm.tsApp(function add(x) { return x + step })',
      'const first = add(1)',
      'first',
      "spawn({ mode: 'no_stream' }).then(({ succeeded }) => succeeded)",
      'const again = tm.tsApp(function add(x) { return x + 10 * step })',
      'const second = again(1)',
      'first.id === second.id',
      "spawn({ mode: 'no_stream' }).then(({ succeeded }) => succeeded)",
      'await Promise.all([first, second].map((future) => future.result()))',
      'last.name',
      'Object.keys(apps)',
      'apps.add.code',
    ]);
    expect(err).not.toContain('Uncaught');
    expect(out.split('\n')).toEqual([
      expect.stringMatching(/^Future add [0-9a-f]{16} PENDING$/),
      '1',
      'false',
      '1',
      '[ 2, 11 ]',
      "'add'",
      "[ 'add', 'fit' ]",
      "'function add(x) { return x + 10 * step }'",
      '',
    ]);
  });

  it('says on standard error what a line raised, without a stack, goes on, and ends with 1', async () => {
    const { folder } = await makeFits();
    const { code, out, err } = await runPiped(folder, [
      'nope',
      '_error.name',
      "task('zz')",
      '_error.code',
      "await queue.task('zz')",
      "retry({ state: 'KILED' })",
      'void Promise.reject(new Error("nobody caught me"))',
      'await new Promise((resolve) => setTimeout(resolve, 50, "waited"))',
      '1 +',
    ]);
    expect(code).toBe(1);
    expect(out).toBe("'ReferenceError'\n'TASK_NOT_FOUND'\n'waited'\n");
    expect(err.split('\n')).toEqual([
      'Uncaught ReferenceError: nope is not defined',
      'Uncaught TASK_NOT_FOUND: No task has id zz. See: tasks().',
      'Uncaught TASK_NOT_FOUND: No task has id zz. See: await queue.tasks().',
      expect.stringMatching(/^Uncaught OPTION_INVALID: .*KILED/),
      'Uncaught Error: nobody caught me',
      'Uncaught SyntaxError: Unexpected end of input',
      '',
    ]);
  });

  it('needs no home, and refuses a queue that is not there', async () => {
    const { folder } = await makeFits();
    const env = { HOME: '', TSPIPE_CONFIG_DIR: '' };
    expect(await runPiped(folder, ['tasks().length'], env)).toEqual({ code: 0, out: '4\n', err: '' });
    const { code, err } = await runPiped('/', ['1']);
    expect(code).toBe(1);
    expect(err).toContain('QUEUE_NOT_FOUND');
  });
});
