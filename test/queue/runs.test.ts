import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { spawn } from 'tspipe';
import { makeFolder, makePlace } from '../helpers/place.ts';
import { runScript } from '../helpers/script.ts';

it('apps made in a loop under one name each keep their task', async () => {
  const place = makePlace();
  const tm = place.taskManager({ scheduler: { maxWorkers: 1 } });
  const models = [1, 2, 3].map((k) => tm.tsApp({ name: 'model' })((x: number) => x * k));
  const sum = tm.tsApp(function sum(values: number[]) {
    return values.reduce((a, b) => a + b);
  });
  const total = sum(models.map((model) => model(10)));

  const { counts } = await spawn(place.queue);

  expect(counts).toMatchObject({ SUCCEEDED: 4, SUPERSEDED: 0 });
  expect(await total.result()).toBe(60);
});

it('a result made with another version of a package is reused with a warning, in every run', async () => {
  const folder = makeFolder();
  const script = `
    import { Queue, spawn, TaskManager } from 'tspipe';
    import { value } from 'measures';
    const queue = new Queue('q', { baseDir: '.' });
    const measure = new TaskManager({ queue }).tsApp(function measure() { return value; });
    const future = measure();
    await spawn(queue);
    console.log(await future.result());
    queue.close();`;
  const install = (version: string, value: number): void => {
    const home = join(folder, 'node_modules', 'measures');
    if (!existsSync(home)) mkdirSync(home, { recursive: true });
    writeFileSync(
      join(home, 'package.json'),
      JSON.stringify({ name: 'measures', version, type: 'module', main: 'index.js' }),
    );
    writeFileSync(join(home, 'index.js'), `export const value = ${value};`);
  };
  const run = async (): Promise<{ out: string; err: string }> => {
    const { out, err, ended } = runScript(folder, script);
    expect(await ended).toEqual({ code: 0, signal: null });
    return { out: out().trim(), err: err() };
  };

  install('1.0.0', 1);
  expect((await run()).out).toBe('1');
  install('2.0.0', 2);
  for (let again = 0; again < 2; again++) {
    const { out, err } = await run();
    expect(out).toBe('1');
    expect(err).toContain('measures 1.0.0 → 2.0.0');
  }
  install('3.0.0', 3);
  expect((await run()).err).toContain('measures 1.0.0 → 3.0.0');
});
