import { describe, expect, it } from 'vitest';
import { makePlace } from '../helpers/place.ts';
import { run } from './script.ts';

/** The lines that a script printed as JSON, after a run that must have ended well. */
async function output(folder: string, text: string): Promise<unknown> {
  const { code, out, err } = await run(folder, text);
  expect(code, err).toBe(0);
  return JSON.parse(out);
}

const SPAWN = `const { succeeded, failed, blocked, reused } = await spawn(queue);
console.log(JSON.stringify({ succeeded, failed, blocked, reused }));`;

describe('a script that is run again', () => {
  it('reuses what succeeded and retries what failed, with all that waited for it', async () => {
    const { folder, lines } = makePlace();
    const script = (broken: boolean) => `
      const good = tm.tsApp(function good(path, n) { append(path, 'good'); return n; });
      const shaky = tm.tsApp(function shaky(path, n) {
        append(path, 'shaky');
        if (process.env.BROKEN === '1') throw new Error('shaky is broken');
        return n + 1;
      });
      const sum = tm.tsApp(function sum(path, ...ns) { append(path, 'sum'); return ns.reduce((a, b) => a + b); });
      process.env.BROKEN = '${broken ? 1 : 0}';
      sum(log, good(log, 1), shaky(log, 2));
      ${SPAWN}`;
    expect(await output(folder, script(true))).toEqual({ succeeded: 1, failed: 1, blocked: 1, reused: 0 });
    expect(await output(folder, script(false))).toEqual({ succeeded: 2, failed: 0, blocked: 0, reused: 1 });
    expect(lines().sort()).toEqual(['good', 'shaky', 'shaky', 'sum']);
    expect(await output(folder, script(true))).toEqual({ succeeded: 0, failed: 0, blocked: 0, reused: 3 });
    expect(lines()).toHaveLength(4);
  });

  it('after a fix computes only what failed, and what hangs on it, with reuse', async () => {
    const { folder, lines } = makePlace();
    const script = (body: string) => `
      const f = tm.tsApp({ reuse: true })(function f(path, n) { append(path, 'f' + n); ${body} });
      const total = tm.tsApp(function total(path, ns) { append(path, 'total'); return ns.join(); });
      const all = total(log, [1, 2, 3].map((n) => f(log, n)));
      await spawn(queue);
      console.log(JSON.stringify(await all.result().catch(({ code }) => code)));`;
    expect(await output(folder, script(`if (n === 2) throw new Error('two'); return n;`))).toBe(
      'TASK_BLOCKED',
    );
    expect(lines().sort()).toEqual(['f1', 'f2', 'f3']);
    expect(await output(folder, script('return n * 10;'))).toBe('1,20,3');
    expect(lines().sort()).toEqual(['f1', 'f2', 'f2', 'f3', 'total']);
  });

  it('leaves what failed with retryFailed: false', async () => {
    const { folder, lines } = makePlace();
    const script = `
      tm.tsApp({ retryFailed: false })(function f(path) { append(path, 'f'); throw new Error('no'); })(log);
      ${SPAWN}`;
    expect(await output(folder, script)).toMatchObject({ failed: 1 });
    expect(await output(folder, script)).toMatchObject({ failed: 0 });
    expect(lines()).toEqual(['f']);
  });

  it('does not retry within one run what failed in it', async () => {
    const { folder, lines } = makePlace();
    const script = `
      const f = tm.tsApp(function f(path) { append(path, 'f'); throw new Error('no'); });
      f(log); await spawn(queue);
      f(log); await spawn(queue);
      console.log(JSON.stringify(await f(log).state()));`;
    expect(await output(folder, script)).toBe('FAILED');
    expect(lines()).toEqual(['f']);
  });

  it('retries the failed task that stands for a Future that a task returned', async () => {
    const { folder, lines } = makePlace();
    const script = (broken: number) => `
      const inner = tm.tsApp(function inner(path) {
        append(path, 'inner');
        if (process.env.BROKEN === '1') throw new Error('no');
        return 7;
      });
      const outer = tm.tsApp(function outer(path) { append(path, 'outer'); return inner(path); });
      process.env.BROKEN = '${broken}';
      const future = outer(log);
      await spawn(queue);
      console.log(JSON.stringify(await future.result().catch(({ code }) => code)));`;
    expect(await output(folder, script(1))).toBe('TASK_BLOCKED');
    expect(await output(folder, script(0))).toBe(7);
    expect(lines()).toEqual(['outer', 'inner', 'inner']);
  });
});

describe('reuse', () => {
  it('takes results of another name, and of the states asked for', async () => {
    const { folder, lines } = makePlace();
    const text = (calls: string) => `
      const old = tm.tsApp(function old(path, n) { append(path, 'old'); if (n < 0) throw new Error('no'); return n; });
      const make = (reuse) => tm.tsApp({ name: 'renamed', reuse })((path, n) => { append(path, 'new'); return n * 100; });
      ${calls}`;
    await output(folder, text(`old(log, 1); old(log, -1); old(log, -2); ${SPAWN}`));
    const calls = `
      const futures = [
        make({ name: 'old' })(log, 1),
        make({ name: 'old' })(log, -2),
        make({ name: 'old', states: ['FAILED'] })(log, -1),
      ];
      await spawn(queue);
      console.log(JSON.stringify(await Promise.all(futures.map((one) => one.result().catch((error) => error.code)))));`;
    expect(await output(folder, text(calls))).toEqual([1, -200, 'TASK_FAILED']);
    expect(lines().sort()).toEqual(['new', 'old', 'old', 'old']);
  });

  it('by index takes the result of the same number, and raises at the call when the arguments differ', async () => {
    const { folder } = makePlace();
    await output(folder, `const f = tm.tsApp(function f(n) { return n; }); f('a'); f('b'); ${SPAWN}`);
    const script = (second: string) => `
      const f = tm.tsApp({ reuse: { by: 'index' } })(function f(n) { return n + '!'; });
      const first = f('a');
      let code;
      try { f('${second}'); } catch (error) { code = error.code; }
      console.log(JSON.stringify([await first.result(), code, await queue.counts()]));`;
    expect(await output(folder, script('c'))).toEqual(['a', 'REUSE_MISMATCH', 2]);
    expect(await output(folder, script('b'))).toEqual(['a', null, 2]);
  });
});
