import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Queue, spawn } from 'tspipe';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeFolder } from '../helpers/place.ts';
import { runScript } from '../helpers/script.ts';

/** A script that only calls, and a run after the package it imports was replaced by another version. */
async function runWithOtherVersion(options: string): Promise<Queue> {
  const folder = makeFolder();
  const install = (version: string): void => {
    const home = join(folder, 'node_modules', 'measures');
    mkdirSync(home, { recursive: true });
    const manifest = { name: 'measures', version, type: 'module', main: 'index.js' };
    writeFileSync(join(home, 'package.json'), JSON.stringify(manifest));
    writeFileSync(join(home, 'index.js'), `export const value = '${version}';`);
  };
  install('1.0.0');
  const { ended } = runScript(
    folder,
    `import { Queue, TaskManager } from 'tspipe';
    import { value } from 'measures';
    const queue = new Queue('q', { baseDir: '.' });
    new TaskManager({ queue }).tsApp(${options})(function measure() { return value; })();
    queue.close();`,
  );
  expect(await ended).toEqual({ code: 0, signal: null });
  install('2.0.0');
  const queue = new Queue('q', { baseDir: folder });
  onTestFinished(async () => await queue.delete());
  await spawn(queue, { mode: 'no_stream' });
  return queue;
}

describe('a worker that finds another version of a package than the call', () => {
  it('says so in the record of the attempt', async () => {
    const queue = await runWithOtherVersion('{}');
    const [task] = await queue.tasks();
    expect(task).toMatchObject({ state: 'SUCCEEDED', result: '2.0.0' });
    expect(task?.attempts[0]?.note).toBe('It ran with other versions: measures 2.0.0 (at the call 1.0.0).');
  });

  it('refuses where the version counts', async () => {
    const queue = await runWithOtherVersion("{ identity: { versions: ['measures'] } }");
    const [task] = await queue.tasks();
    expect(task?.state).toBe('FAILED');
    expect(task?.attempts[0]?.error).toMatchObject({
      code: 'VERSION_DIFFERS',
      message: expect.stringContaining('measures 1.0.0, whose version counts'),
    });
  });
});
