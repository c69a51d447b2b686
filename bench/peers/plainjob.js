// plainjob: jobs in an SQLite file at its own setting synchronous=NORMAL, which a power cut may take back; one worker, in
// this process, as it is meant to be used. It keeps no results, so its processors do.
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { better, defineQueue, defineWorker } from 'plainjob';
import { checkSum, cold, commands, hops, isCold, numbers, print, runTrue, seconds, size } from './peer.js';

const folder = mkdtempSync(join(import.meta.dirname, '../../_tests/bench-plainjob-'));
const quiet = { error: console.error, warn() {}, info() {}, debug() {} };
const queue = defineQueue({ connection: better(new Database(join(folder, 'jobs.db'))), logger: quiet });

/** Runs the jobs of a type until `count` of them have ended. */
async function work(type, count, act) {
  let [done, end] = [0, () => undefined];
  const ended = new Promise((resolve) => {
    end = resolve;
  });
  const onCompleted = () => ++done === count && end();
  const worker = defineWorker(type, act, { queue, logger: quiet, onCompleted });
  const run = worker.start();
  await ended;
  // Here and not after worker.stop(), which may wait for a second: it polls.
  return async () => {
    await worker.stop();
    await run;
  };
}

if (isCold) {
  queue.add('cold', 42);
  const stop = await work('cold', 1, (job) => console.log(JSON.parse(job.data)));
  await stop();
} else {
  const submit = await seconds(() => {
    for (const index of numbers()) queue.add('noop', index);
  });
  const bulk = await seconds(() => queue.addMany('bulk', numbers()));
  const results = [];
  let stop;
  const drained = await seconds(async () => {
    stop = await work('noop', size, (job) => {
      results.push(JSON.parse(job.data));
    });
  });
  checkSum(results);
  await stop();
  queue.add('hop', 0);
  const chain = await seconds(async () => {
    stop = await work('hop', hops, (job) => {
      queue.add('hop', JSON.parse(job.data) + 1);
    });
  });
  await stop();
  for (let index = 0; index < commands; index++) queue.add('shell', index);
  const shell = await seconds(async () => {
    stop = await work('shell', commands, runTrue);
  });
  await stop();
  print({
    endToEnd: size / (submit + drained),
    submit: size / submit,
    submitBulk: size / bulk,
    hop: (chain * 1000) / hops,
    shell: commands / shell,
    cold: await cold(import.meta.url),
  });
}
queue.close();
rmSync(folder, { recursive: true });
