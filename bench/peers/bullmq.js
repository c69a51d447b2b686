// BullMQ with a Redis of its own, on a socket in a folder of its own; one worker in this process, 50 jobs at a time, as
// its documentation advises for quick jobs. `durable` as second word: Redis syncs every write, and not nothing.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Queue, Worker } from 'bullmq';
import { checkSum, cold, commands, hops, isCold, numbers, print, runTrue, seconds, size } from './peer.js';

const BULK = 1000;
const folder = process.env.BENCH_REDIS ?? mkdtempSync(join(import.meta.dirname, '../../_tests/bench-redis-'));
// The name of a socket must be short.
process.chdir(folder);
const connection = { path: 'redis.sock', maxRetriesPerRequest: null };
const redis = isCold ? undefined : await startRedis();
const workers = [];

/** Works on the jobs of a queue until `count` have ended; resolves to their results. */
async function work(name, count, act, concurrency = 50) {
  const results = [];
  const worker = new Worker(name, act, { connection, concurrency });
  workers.push(worker);
  await new Promise((resolve, reject) => {
    worker.on('failed', (_job, error) => reject(error));
    worker.on('completed', (_job, result) => {
      if (results.push(result) === count) resolve();
    });
  });
  return results;
}

async function addBulk(name) {
  const target = new Queue(name, { connection });
  const jobs = numbers().map((index) => ({ name: 'noop', data: index }));
  for (let from = 0; from < size; from += BULK) await target.addBulk(jobs.slice(from, from + BULK));
  await target.close();
}

async function startRedis() {
  const sync = process.argv[3] === 'durable' ? ['--appendonly', 'yes', '--appendfsync', 'always'] : [];
  const words = ['--port', '0', '--unixsocket', 'redis.sock', '--save', '', '--dir', folder, ...sync];
  const child = spawn('redis-server', words, { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const chunk of child.stdout) if (String(chunk).includes('eady to accept')) break;
  return child;
}

try {
  const queue = new Queue('bench', { connection });
  if (isCold) {
    await queue.add('cold', 42);
    console.log((await work('bench', 1, async (job) => job.data))[0]);
  } else {
    process.env.BENCH_REDIS = folder;
    const figures = { cold: await cold(import.meta.url) };
    const submit = await seconds(() => Promise.all(numbers().map((index) => queue.add('noop', index))));
    let bulk = 0;
    let results = [];
    const whole = await seconds(async () => {
      bulk = await seconds(() => addBulk('bulk'));
      results = await work('bulk', size, async (job) => job.data);
    });
    checkSum(results);
    const chain = new Queue('chain', { connection });
    await chain.add('hop', 0);
    const hopping = await seconds(() =>
      work('chain', hops, async (job) => {
        if (job.data + 1 < hops) await chain.add('hop', job.data + 1);
      }),
    );
    await chain.close();
    const shell = new Queue('shell', { connection });
    await shell.addBulk(Array.from({ length: commands }, (_, data) => ({ name: 'true', data })));
    const shelled = await seconds(() => work('shell', commands, runTrue, 2));
    await shell.close();
    print({
      endToEnd: size / whole,
      submit: size / submit,
      submitBulk: size / bulk,
      hop: (hopping * 1000) / hops,
      shell: commands / shelled,
      ...figures,
    });
  }
  for (const worker of workers) await worker.close();
  await queue.close();
} finally {
  if (redis !== undefined) {
    redis.kill('SIGKILL');
    await new Promise((resolve) => redis.once('exit', resolve));
    rmSync(folder, { recursive: true, force: true });
  }
}
