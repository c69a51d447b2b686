import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { spawn } from 'tspipe';
import { makePlace, type Place } from '../helpers/place.ts';
import { until } from '../helpers/processes.ts';

/** Quick tasks, but for one that keeps its worker busy, deaf to all messages, until a file is there. */
function quickAndLong(place: Place, workers: number) {
  const [gate, record] = [join(place.folder, 'gate'), join(place.folder, 'record')];
  const work = place.taskManager({ scheduler: { maxWorkers: workers } }).tsApp(async function work(
    n: number,
    files: { readonly gate: string; readonly record: string },
  ) {
    const fs = await import('node:fs');
    fs.appendFileSync(files.record, `${n}\n`);
    while (n === 300 && !fs.existsSync(files.gate));
    return n;
  });
  return {
    call: (n: number) => work(n, { gate, record }),
    open: () => writeFileSync(gate, ''),
    ran: () => (existsSync(record) ? readFileSync(record, 'utf8').trim().split('\n').map(Number) : []),
  };
}

it('what was sent ahead to a worker that is on a long task is run by another one, once', async () => {
  const place = makePlace();
  const { call, open, ran } = quickAndLong(place, 2);
  for (let n = 0; n < 900; n++) call(n);
  const run = spawn(place.queue);
  await until('all but the long one are done', async () => (await place.queue.summary()).SUCCEEDED === 899);
  expect(await place.queue.summary()).toMatchObject({ RUNNING: 1 });
  open();
  await run;
  expect(ran().sort((a, b) => a - b)).toEqual(Array.from({ length: 900 }, (_, n) => n));
});

it('what waits behind the long task of the only worker is PENDING, for others to take', async () => {
  const place = makePlace();
  const { call, open, ran } = quickAndLong(place, 1);
  const futures = Array.from({ length: 600 }, (_, n) => call(n));
  const run = spawn(place.queue);
  await until('only the long one is RUNNING', async () => {
    const { RUNNING, SUCCEEDED } = await place.queue.summary();
    return RUNNING === 1 && SUCCEEDED === 300;
  });
  await place.queue.kill({ tid: futures[301]?.id ?? '', state: 'PENDING' });
  open();
  await run;
  expect(await place.queue.summary()).toMatchObject({ SUCCEEDED: 599, KILLED: 1 });
  expect(ran()).toHaveLength(599);
  expect(ran()).not.toContain(301);
});

it('after a failure the rest of what was sent ahead is left to the agent: nothing is lost or run twice', async () => {
  const place = makePlace();
  const record = join(place.folder, 'record');
  const work = place.taskManager({ scheduler: { maxWorkers: 2 } }).tsApp(async function work(
    n: number,
    file: string,
  ) {
    const { appendFileSync } = await import('node:fs');
    appendFileSync(file, `${n}\n`);
    if (n % 100 === 50) throw new Error('on purpose');
    return n;
  });
  for (let n = 0; n < 1000; n++) work(n, record);
  await spawn(place.queue);
  expect(await place.queue.summary()).toMatchObject({ SUCCEEDED: 990, FAILED: 10 });
  expect(readFileSync(record, 'utf8').trim().split('\n')).toHaveLength(1000);
});

it('a worker that is there because tasks waited takes nothing ahead: no more run at once than may', async () => {
  const place = makePlace();
  const tm = place.taskManager({ scheduler: { maxWorkers: 2 } });
  const { log } = place;
  const quick = tm.tsApp(async function quick(n: number, file: string) {
    const { appendFileSync } = await import('node:fs');
    appendFileSync(file, 'begin\n');
    await new Promise((resolve) => setTimeout(resolve, n % 10 === 0 ? 1 : 0));
    appendFileSync(file, 'end\n');
    return n;
  });
  const waits = tm.tsApp(async function waits(n: number, file: string) {
    return await quick(-n, file).result();
  });
  const first = Array.from({ length: 6 }, (_, n) => waits(n + 1, log));
  const others = Array.from({ length: 600 }, (_, n) => quick(n, log));
  await spawn(place.queue);
  expect(await Promise.all(first.map((future) => future.result()))).toEqual([-1, -2, -3, -4, -5, -6]);
  expect(await Promise.all(others.map((future) => future.result()))).toHaveLength(600);
  let running = 0;
  const counts = place.lines().map((line) => {
    running += line === 'begin' ? 1 : -1;
    return running;
  });
  expect(counts).toHaveLength(2 * 606);
  expect(Math.max(...counts)).toBe(2);
});
