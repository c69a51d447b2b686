// What it costs to capture functions and to encode values. `npm run bench:functions`; on a quiet machine.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Queue, spawn, TaskManager } from 'tspipe';
import * as v from 'valibot';
import { captureFunction } from '../src/capture/index.ts';
import { decodeValue, encodeValue } from '../src/serialization/index.ts';

const ROUNDS = 200;
const BYTES = 8e6;

const settings = { steps: 3, label: 'fit', window: [3600, 5800] };
const square = (x: number) => x * x;
let offset = 0;

class Grid {
  readonly #cells: number[] = [];
  add(x: number): void {
    this.#cells.push(square(x));
  }
  get sum(): number {
    return this.#cells.reduce((a, b) => a + b, 0);
  }
}

/** Each time another function of the same shape as in an analysis: two helpers, a class, data, two imports. */
function typicalApp() {
  return function fit(seed: number, size = 100) {
    const grid = new Grid();
    for (let i = 0; i < size; i++) grid.add(seed + i * settings.steps);
    return { seed, sum: v.parse(v.number(), grid.sum), label: basename(settings.label) };
  };
}

const rewritten = () => offset + settings.steps;

const rows: [string, number, number, string][] = [
  [
    'capture of a typical app, once',
    await median(() => captureFunction(typicalApp(), 'fit', hooks()).program()),
    1,
    'ms',
  ],
  ['a call after a variable got another value', reread(), 0.2, 'ms'],
  ['encoding (7, "north", { scale: 0.5 })', (await median(() => encodeMany())) / 1000, 0.005, 'ms'],
  ...(await largeResult()),
];

console.log(`Node ${process.version}; medians\n`);
console.log('| what | measured | limit | |\n| --- | --- | --- | --- |');
for (const [name, value, limit, unit] of rows) {
  const isSlow = value > limit;
  console.log(
    `| ${name} | ${value.toPrecision(2)} ${unit} | ${limit} ${unit} | ${isSlow ? 'too slow' : ''} |`,
  );
  if (isSlow) process.exitCode = 1;
}

function hooks() {
  return { encode: (value: unknown, options: object) => encodeValue(value, options) };
}

async function median(act: () => unknown): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    await act();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[ROUNDS / 2] ?? Number.NaN;
}

function encodeMany(): void {
  for (let i = 0; i < 1000; i++) encodeValue([i, 'north', { scale: 0.5 }]);
}

/** A capture that is asked again after the variable that it reads was assigned. */
function reread(): number {
  const capture = captureFunction(rewritten, 'rewritten', hooks());
  capture.program();
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    offset = round;
    const start = performance.now();
    capture.program();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[ROUNDS / 2] ?? Number.NaN;
}

/** From the worker's value into the queue, and from the queue to the script, each for a result of 8 MB. */
async function largeResult(): Promise<[string, number, number, string][]> {
  const folder = mkdtempSync(join(tmpdir(), 'tspipe-bench-'));
  const queue = new Queue('large', { baseDir: folder });
  try {
    const tm = new TaskManager({ queue, scheduler: { maxWorkers: 1 } });
    const make = tm.tsApp(function make(seed: number, size: number) {
      return new Float64Array(size).fill(seed);
    });
    const seconds = async (size: number): Promise<number> => {
      const start = performance.now();
      for (let seed = 0; seed < 20; seed++) make(seed, size);
      await spawn(queue, { mode: 'no_stream' });
      return performance.now() - start;
    };
    await seconds(0);
    const small = await seconds(1);
    const large = await seconds(BYTES / 8);
    const [task] = await queue.tasks({ name: 'make', index: 59 });
    if (!(task?.result instanceof Float64Array)) throw new Error('the result is not there');
    const read = await median(async () => (await queue.tasks({ name: 'make', index: 59 }))[0]?.result);
    const decoded = decodeValue(encodeValue(task.result).text, { blobs: encodeValue(task.result).blobs });
    if (!(decoded instanceof Float64Array)) throw new Error('the codec lost it');
    return [
      ['an 8 MB Float64Array as result: made and stored', (large - small) / 20, 60, 'ms'],
      ['an 8 MB Float64Array as result: read back', read, 60, 'ms'],
    ];
  } finally {
    await queue.delete();
    rmSync(folder, { recursive: true });
  }
}
