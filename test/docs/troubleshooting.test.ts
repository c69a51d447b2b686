import { execFileSync } from 'node:child_process';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Queue, spawn, TaskManager } from 'tspipe';
import { expect, it, onTestFinished } from 'vitest';
import { makeFolder } from '../helpers/place.ts';

const ROOT = join(import.meta.dirname, '../..');
const page = readFileSync(join(ROOT, 'docs/from-desipipe.md'), 'utf8');
const walk = /^```console\n(\$ tspipe queues -q my_queue\n.*?)^```$/ms.exec(page)?.[1] ?? '';

/** The commands of the page, each with what is typed at the prompt that it opens. */
const commands = walk.split(/^\$ /m).flatMap((text) => {
  const [command = '', ...typed] = text.trimEnd().split('\n');
  return command === '' ? [] : [{ command, input: typed.map((line) => line.replace(/^> /, '')).join('\n') }];
});

/** A queue whose only task was killed, and would not be now. */
async function makeQueue(folder: string): Promise<Queue> {
  const queue = new Queue('my_queue', { baseDir: folder });
  onTestFinished(async () => await queue.delete());
  const tm = new TaskManager({ queue, scheduler: { maxWorkers: 1 } });
  const mended = join(folder, 'mended');
  tm.tsApp(async function fit(seed: number, size = 10) {
    const { existsSync } = await import('node:fs');
    if (!existsSync(mended)) process.kill(process.pid, 'SIGKILL');
    return { seed, size };
  })(4);
  await spawn(queue, { mode: 'no_stream' });
  writeFileSync(mended, '');
  return queue;
}

it('docs/from-desipipe.md leads from killed tasks to a queue that is done', async () => {
  const folder = makeFolder();
  const queue = await makeQueue(folder);
  symlinkSync(join(ROOT, 'bin/tspipe.js'), join(folder, 'tspipe'));
  const PATH = `${folder}:${dirname(process.execPath)}:${process.env.PATH}`;
  const said = commands.map(({ command, input }) =>
    execFileSync('bash', ['-c', command.replace('my_queue', './my_queue')], {
      cwd: folder,
      env: { ...process.env, PATH },
      input,
      encoding: 'utf8',
      stdio: 'pipe',
    }),
  );
  expect(said).toHaveLength(5);
  expect(said[0]).toContain('1 KILLED');
  expect(said[1]).toMatch(/^KILLED +fit\[0\] /m);
  expect(said[2]).toContain('{ seed: 4 } async function fit(seed');
  expect(said[3]).toContain('1 to run again');
  const succeeded = async () => await queue.counts({ state: 'SUCCEEDED' });
  await expect.poll(succeeded, { timeout: 10_000 }).toBe(1);
});
