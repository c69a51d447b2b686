import { Queue, spawn, TaskManager } from 'tspipe';
import { describe, expect, it } from 'vitest';
import { makeQueue, temporaryFolder } from './fixtures.ts';
import { runInTerminal } from './pseudo-terminal.ts';
import { runCli } from './run-cli.ts';

/** A queue of tasks with results of several kinds. */
async function makeResults(baseDir: string): Promise<string> {
  const queue = new Queue('fits', { baseDir });
  const tm = new TaskManager({ queue });
  const fit = tm.tsApp(function fit(name: string, scale: number) {
    if (scale < 0) throw new RangeError(`no scale ${scale}`);
    return { name, values: [scale, 2 * scale], when: new Date(0), big: 1n };
  });
  const greet = tm.bashApp(function greet(name: string) {
    return ['echo', `hello ${name}`];
  });
  fit('a, b', 1);
  fit('c', 2);
  fit('d', -1);
  greet('you');
  await spawn(queue, { mode: 'no_stream' });
  queue.close();
  return queue.path;
}

describe('tspipe result', () => {
  it('prints a value as Node shows it, text as it is, and JSON', async () => {
    const cwd = temporaryFolder();
    await makeResults(cwd);
    const result = (...words: string[]) => runCli(['result', '-q', './fits', ...words], { cwd });
    expect((await result('fit[1]')).out).toBe(
      "{\n  name: 'c',\n  values: [ 2, 4 ],\n  when: 1970-01-01T00:00:00.000Z,\n  big: 1n\n}\n",
    );
    expect((await result('greet[0]')).out).toBe('hello you\n');
    expect(JSON.parse((await result('fit[0]', '--json')).out)).toEqual({
      name: 'a, b',
      values: [1, 2],
      when: '1970-01-01T00:00:00.000Z',
      big: '1',
    });
  });

  it('shows a function as its source', async () => {
    const cwd = temporaryFolder();
    const queue = new Queue('makers', { baseDir: cwd });
    const adder = new TaskManager({ queue }).tsApp(function adder(n: number) {
      return { add: (x: number) => x + n };
    });
    adder(1);
    await spawn(queue, { mode: 'no_stream' });
    queue.close();
    const result = async (...words: string[]) =>
      (await runCli(['result', '-q', './makers', 'adder[0]', ...words], { cwd })).out;
    expect(await result()).toBe('{ add: [Function: add] }\n');
    expect(JSON.parse(await result('--json'))).toEqual({ add: expect.stringMatching(/^\(x.*\) => x \+ n$/) });
    const table = await runCli(['results', '-q', './makers', '--name', 'adder'], { cwd });
    expect(table.out).not.toContain('standIn');
  });

  it('finds the task by the beginning of its id', async () => {
    const cwd = temporaryFolder();
    await makeResults(cwd);
    const queue = new Queue('fits', { baseDir: cwd });
    const [id = ''] = await queue.tasks({ name: 'greet', property: 'id' });
    queue.close();
    expect(await runCli(['result', id.slice(0, 12), '-q', './fits'], { cwd })).toEqual({
      code: 0,
      out: 'hello you\n',
      err: '',
    });
  });

  it('fails with the reason where there is no result', async () => {
    const cwd = temporaryFolder();
    await makeResults(cwd);
    makeQueue(cwd, 'roots', [1]);
    const failed = await runCli(['result', '-q', './fits', 'fit[2]'], { cwd });
    expect({ code: failed.code, out: failed.out }).toEqual({ code: 1, out: '' });
    expect(failed.err).toContain('TASK_FAILED');
    expect(failed.err).toContain('no scale -1');
    const open = await runCli(['result', '-q', './roots', 'root[0]'], { cwd });
    expect(open.code).toBe(1);
    expect(open.err).toContain('has no result yet, it is PENDING');
    const none = await runCli(['result', '-q', './roots', 'ffffffffffffffff'], { cwd });
    expect(none.code).toBe(1);
    expect(none.err).toContain('TASK_NOT_FOUND');
    expect(none.err).toMatch(/See: tspipe tasks -q \S+roots\.sqlite$/m);
    expect((await runCli(['result', '-q', './roots', 'nono'], { cwd })).err).toContain(
      'No task has an id that begins with nono',
    );
    expect((await runCli(['result', '-q', './roots', 'root[7]'], { cwd })).err).toContain('no task root[7]');
    expect((await runCli(['result', '-q', './*', 'root[0]'], { cwd })).code).toBe(2);
  });
});

describe('tspipe results', () => {
  it('shows arguments, results and times of tasks that succeeded', async () => {
    const cwd = temporaryFolder();
    const path = await makeResults(cwd);
    const results = (...words: string[]) => runCli(['results', '-q', './fits', '--name', ...words], { cwd });
    const lines = (await results('fit')).out.split('\n');
    expect(lines[0]).toMatch(/^ID +name +scale +RESULT +TIME$/);
    expect(lines[1]).toMatch(/^[0-9a-f]{16} {2}"a, b" {2}1 +\{ name: 'a, b'.* m?s$/);
    expect(lines).toHaveLength(4);
    const csv = (await results('fit', '--csv')).out.split('\n');
    expect(csv[0]).toBe('id,index,name,scale,result,seconds');
    expect(csv[1]).toMatch(/^[0-9a-f]{16},0,"a, b",1,"\{""name"":""a, b"",""values"":\[1,2\].*\}",[\d.e-]+$/);
    expect(JSON.parse((await results('greet', '--json')).out)).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f]{16}$/),
        name: 'greet',
        index: 0,
        queue: path,
        arguments: { name: 'you' },
        result: 'hello you\n',
        seconds: expect.any(Number),
        code: 1,
      },
    ]);
  });

  it('marks results of old and new code, where there are both', async () => {
    const cwd = temporaryFolder();
    for (const sign of [1, -1]) {
      const queue = new Queue('codes', { baseDir: cwd });
      const tm = new TaskManager({ queue });
      const turn = tm.tsApp(function turn(x: number) {
        return sign * x;
      });
      for (const x of [1, 2]) turn(x);
      await spawn(queue, { mode: 'no_stream' });
      queue.close();
    }
    const results = async (...words: string[]) =>
      (await runCli(['results', '-q', './codes', '--name', 'turn', ...words], { cwd })).out;
    const table = (await results()).trimEnd().split('\n');
    expect(table[0]).toMatch(/^ID +x +RESULT +TIME +CODE$/);
    expect(table.map((line) => line.at(-1))).toEqual(['E', '1', '1', '2', '2']);
    const csv = (await results('--csv')).trimEnd().split('\n');
    expect(csv[0]).toBe('id,index,x,result,seconds,code');
    expect(csv.slice(1).map((line) => line.split(',').at(-1))).toEqual(['1', '1', '2', '2']);
    const rows: { result: number; code: number }[] = JSON.parse(await results('--json'));
    expect(rows.map(({ result, code }) => [result, code])).toEqual([
      [1, 1],
      [2, 1],
      [-1, 2],
      [-2, 2],
    ]);
  });

  it('keeps within a terminal of 40 columns', async () => {
    const cwd = temporaryFolder();
    await makeResults(cwd);
    const { out } = await runInTerminal(['results', '-q', './fits', '--name', 'fit'], { cwd, columns: 40 });
    expect(out.trimEnd().split('\n')).toHaveLength(3);
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(40);
  });

  it('ends with 1 where no task of that app succeeded, and with 2 for wrong words', async () => {
    const cwd = temporaryFolder();
    makeQueue(cwd, 'roots', [1]);
    const { code, out, err } = await runCli(['results', '-q', './roots', '--name', 'root', '--json'], {
      cwd,
    });
    expect({ code, out }).toEqual({ code: 1, out: '[]\n' });
    expect(err).toContain('no result that matches --name root');
    expect((await runCli(['results', '-q', './roots'], { cwd })).code).toBe(2);
    const words = ['results', '-q', './roots', '--name', 'root', '--json', '--csv'];
    expect((await runCli(words, { cwd })).code).toBe(2);
  });
});
