import { describe, expect, it } from 'vitest';
import { Queue } from 'tspipe';
import { makePlace } from '../helpers/place.ts';
import { run } from './script.ts';

const CALLS = `const f = tm.tsApp(function f(n) { return n; });
for (let n = 0; n < 2500; n++) f(n);
`;

describe('calls are in the file', () => {
  const ends = [
    { how: 'normally', text: '', code: 0 },
    { how: 'by process.exit', text: 'process.exit(3);', code: 3 },
    { how: 'by an uncaught error', text: "throw new Error('boom');", code: 1 },
    { how: 'by a rejection nobody handles', text: "Promise.reject(new Error('boom')); await 1;", code: 1 },
  ];
  for (const { how, text, code } of ends) {
    it(`when the script ends ${how}`, async () => {
      const { folder, queue } = makePlace();
      expect(await run(folder, CALLS + text)).toMatchObject({ code, signal: null });
      expect(await queue.counts()).toBe(2500);
    });
  }

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    it(`when the script is ended by ${signal}, which ends it as it would have`, async () => {
      const { folder, queue } = makePlace();
      // The last calls are made in the turn in which the signal is seen: nothing but the handler can write them.
      const text = `${CALLS} const { writeSync } = await import('node:fs'); writeSync(1, 'ready');
        setInterval(() => { for (let n = 0; n < 10; n++) f('late' + n + Math.random()); }, 1);`;
      expect(await run(folder, text, { signal })).toMatchObject({ code: null, signal });
      const count = await queue.counts();
      expect(count).toBeGreaterThanOrEqual(2500);
      expect(count % 10, 'what one turn called is there as a whole').toBe(0);
    });
  }

  it('when the script handles a signal itself and goes on', async () => {
    const { folder, queue } = makePlace();
    const text = `${CALLS} const { writeSync } = await import('node:fs');
      const timer = setInterval(() => f(String(Math.random())), 1);
      process.on('SIGINT', () => { clearInterval(timer); f('last'); });
      writeSync(1, 'ready');`;
    expect(await run(folder, text, { signal: 'SIGINT' })).toMatchObject({ code: 0, signal: null });
    const args = await queue.tasks({
      name: 'f',
      property: 'args',
      after: (await queue.tasks({ limit: 2500 })).at(-1)?.id ?? '',
    });
    expect(args.at(-1)).toEqual(['last']);
  });

  it('of four scripts that call at once, all of them', async () => {
    const { folder, queue } = makePlace();
    const text = (script: number) => `const f = tm.tsApp(function f(n) { return n; });
      for (let n = 0; n < 500; n++) { f(n * 4 + ${script}); f('same' + n); if (n % 7 === 0) await new Promise(setImmediate); }`;
    const ends = await Promise.all([0, 1, 2, 3].map((n) => run(folder, text(n), { name: `script${n}` })));
    expect(ends.map(({ code, err }) => [code, err])).toEqual(ends.map(() => [0, '']));
    const args = await queue.tasks({ property: 'args' });
    expect(
      args
        .filter(([n]) => typeof n === 'number')
        .map(([n]) => Number(n))
        .sort((a, b) => a - b),
    ).toEqual(Array.from({ length: 2000 }, (_, n) => n));
    expect(args).toHaveLength(2500);
  });
});

describe('a call that cannot be added', () => {
  it('at the exit is printed, and sets the exit code', async () => {
    const { folder } = makePlace();
    const text = `const { rmSync } = await import('node:fs');
      const f = tm.tsApp(function f(n) { return n; });
      rmSync(queue.path);
      f(1);`;
    const { code, err } = await run(folder, text);
    expect(code).toBe(1);
    expect(err).toMatch(/calls could not be written to the queue and are lost.*was deleted, or replaced/);
  });

  it('at the exit because a captured object changed is told without the stack of our code', async () => {
    const { folder } = makePlace();
    const text = `const params = { list: [10] };
      const f = tm.tsApp(function f() { return params.list[0] + params.list.length; });
      f(); params.list[0] = 20;`;
    const { code, err } = await run(folder, text);
    expect(code).toBe(1);
    expect(err).toMatch(/are lost: CAPTURE_CHANGED: f → params\.list\[0\] 10 → 20: /);
    expect(err).not.toMatch(/\n\s+at /);
  });

  it('because a captured object changed raises, and the calls of other apps are kept', async () => {
    const { folder, queue } = makePlace();
    const text = `const params = { n: 10, other: 1 };
      const f = tm.tsApp(function f() { return params.n; });
      const g = tm.tsApp(function g(n) { return n; });
      const future = f(); g(1);
      params.other = 2; // not what f uses
      await new Promise(setImmediate);
      f.with({ key: 'again' })(); g(2);
      params.n = 20;
      try { await queue.flush(); } catch (error) { console.log(error.code, error.message); }
      g(3);
      console.log(await future.state());`;
    const { code, out, err } = await run(folder, text);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^CAPTURE_CHANGED .*params\.n 10 → 20/);
    expect(out).toMatch(/PENDING\n$/);
    expect(await queue.tasks({ property: 'name' })).toEqual(['f', 'g', 'g', 'g']);
  });

  it('because a captured object changed is told at the exit, where nobody asked before', async () => {
    const { folder, queue } = makePlace();
    const text = `const params = { n: 10 };
      tm.tsApp(function f() { return params.n; })();
      tm.tsApp(function g(n) { return n; })(1);
      params.n = 20;`;
    const { code, err } = await run(folder, text);
    expect(code).toBe(1);
    expect(err).toMatch(/CAPTURE_CHANGED/);
    expect(await queue.tasks({ property: 'name' })).toEqual(['g']);
  });

  it('makes its Future, and calls that take it, raise the same', async () => {
    const { queue, taskManager } = makePlace();
    const tm = taskManager();
    const params = { n: 10 };
    const f = tm.tsApp(function f() {
      return params.n;
    });
    const g = tm.tsApp(function g(n: number) {
      return n;
    });
    const future = f();
    const dependent = g(future);
    params.n = 20;
    await expect(queue.flush()).rejects.toMatchObject({ code: 'CAPTURE_CHANGED' });
    expect(() => future.id).toThrow(/params\.n 10 → 20/);
    await expect(dependent.result()).rejects.toMatchObject({ code: 'CAPTURE_CHANGED' });
    expect(await queue.counts()).toBe(0);
  });
});

describe('a Future', () => {
  it('of another Queue object of the same file is as good as any', async () => {
    const { folder, queue, taskManager } = makePlace();
    const other = new Queue('q', { baseDir: folder });
    const one = taskManager().tsApp({ name: 'one' })((n: number) => n)(1);
    const two = taskManager({ queue: other }).tsApp({ name: 'two' })((n: number) => n)(one);
    expect((await two.task()).requireIds).toEqual([one.id]);
    other.close();
    expect(await queue.counts()).toBe(2);
  });

  it('of another queue is refused at the call', () => {
    const [here, there] = [makePlace(), makePlace()];
    const foreign = there.taskManager().tsApp({ name: 'f' })((n: number) => n)(1);
    const f = here.taskManager().tsApp({ name: 'f' })((n: unknown) => n);
    expect(() => f({ deep: [foreign] })).toThrow(/Future of another queue/);
    expect(() => f.with({ after: [foreign] })(1)).toThrow(/Future of another queue/);
  });
});
