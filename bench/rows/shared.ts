// No-op tasks on a shared queue, by eight agents that each have a worker; each lock and sync takes 2 ms more than here.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Queue, TaskManager } from 'tspipe';
import { sumOfResults } from '../lib/drain.ts';
import { check, makeFolder, ROOT, seconds, sizeWanted, sumBelow } from '../lib/place.ts';

const AGENTS = 8;
const SLOW = pathToFileURL(join(import.meta.dirname, '../lib/slow-disk.ts')).href;

const folder = makeFolder();
const size = sizeWanted();
const queue = new Queue('bench', { baseDir: folder, shared: true });
try {
  const tm = new TaskManager({ queue, scheduler: { maxWorkers: AGENTS } });
  const noop = tm.tsApp(function noop(index: number) {
    return index;
  });
  for (let index = 0; index < size; index++) noop(index);
  await queue.flush();
  const taken = await seconds(async () => {
    const agents = Array.from({ length: AGENTS }, startAgent);
    while ((await queue.summary()).SUCCEEDED < size) await new Promise((resolve) => setTimeout(resolve, 50));
    for (const agent of agents) agent.kill('SIGINT');
    await Promise.all(agents.map(async (agent) => agent.exitCode ?? (await once(agent, 'exit'))));
  });
  check((await sumOfResults(queue, 'noop')) === sumBelow(size), 'the sum of the results');
  console.log(JSON.stringify({ drain: size / taken }));
} finally {
  await queue.delete();
  rmSync(folder, { recursive: true, force: true });
}

function startAgent() {
  return spawn(
    process.execPath,
    [
      '--import',
      SLOW,
      join(ROOT, 'bin/tspipe.js'),
      'work',
      '-q',
      join(folder, 'bench'),
      '--max-workers',
      '1',
    ],
    { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, NODE_OPTIONS: `--import=${SLOW}` } },
  );
}
