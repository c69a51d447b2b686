// What a reader of a large queue waits for, in milliseconds: to open it, its summary, its first page of tasks.
// The first word is the queue's file.
import { Queue } from 'tspipe';
import { check, seconds } from '../lib/place.ts';
import { median } from '../lib/statistics.ts';

const ROUNDS = 7;
const path = (process.argv[2] ?? '').replace(/\.sqlite$/, '');

const times: { readonly open: number; readonly summary: number; readonly page: number }[] = [];
for (let round = 0; round < ROUNDS; round++) {
  let queue: Queue | undefined;
  const open = await seconds(() => {
    queue = new Queue(path, { create: false });
  });
  const summary = await seconds(() => queue?.summary());
  const page = await seconds(async () => {
    check((await queue?.tasks({ limit: 100 }))?.length === 100, 'the first page');
  });
  times.push({ open, summary, page });
  queue?.close();
}

const ms = (key: 'open' | 'summary' | 'page') => 1000 * median(times.map((time) => time[key]));
console.log(JSON.stringify({ open: ms('open'), summary: ms('summary'), page: ms('page') }));
