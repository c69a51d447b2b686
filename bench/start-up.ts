// How long a command takes to say its first word, beside a bare Node. `npm run bench:start-up`; on a quiet machine.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Queue, TaskManager } from 'tspipe';
import { firstOutput } from './first-output.ts';

const RUNS = 21;
const TASKS = 10_000;
const LIMIT_MS = 150;
const BIN = join(import.meta.dirname, '../bin/tspipe.js');

const folder = mkdtempSync(join(tmpdir(), 'tspipe-bench-'));
try {
  const path = makeQueue();
  const node = [process.execPath];
  const commands: readonly (readonly [string, readonly string[]])[] = [
    ['`node -e 0` (with one word of output)', [...node, '-e', 'process.stdout.write("0")']],
    ['`tspipe --help`', [...node, BIN, '--help']],
    ['`tspipe queues`', [...node, BIN, 'queues']],
    [`\`tspipe queues -q …\` (${TASKS} tasks)`, [...node, BIN, 'queues', '-q', path]],
    [`\`tspipe tasks -q …\` (${TASKS} tasks)`, [...node, BIN, 'tasks', '-q', path]],
    [`\`tspipe tasks -q … --json\` (${TASKS} tasks)`, [...node, BIN, 'tasks', '-q', path, '--json']],
  ];
  const times = await measure(commands.map(([, words]) => words));
  const bare = median(times[0] ?? []);
  const limit = Math.min(LIMIT_MS, 4 * bare + 20);
  console.log(`Node ${process.version}, ${RUNS} runs in turn; limit ${limit.toFixed(0)} ms\n`);
  console.log('| command | minimum, ms | median, ms | maximum, ms | |\n| --- | --- | --- | --- | --- |');
  for (const [index, [name]] of commands.entries()) {
    const all = times[index] ?? [];
    const cells = [Math.min(...all), median(all), Math.max(...all)].map((ms) => ms.toFixed(0));
    console.log(`| ${[name, ...cells, index === 0 || median(all) <= limit ? '' : 'too slow'].join(' | ')} |`);
    if (index > 0 && median(all) > limit) process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true });
}

function makeQueue(): string {
  process.env.TSPIPE_QUEUE_DIR = folder;
  const queue = new Queue('many');
  const tm = new TaskManager({ queue });
  const fit = tm.tsApp(function fit(seed: number) {
    return seed;
  });
  for (let seed = 0; seed < TASKS; seed++) fit(seed);
  queue.close();
  return queue.path;
}

/** The commands in turn, so that what else the machine does meets all of them. The first round is thrown away. */
async function measure(commands: readonly (readonly string[])[]): Promise<number[][]> {
  const times = commands.map((): number[] => []);
  for (let run = 0; run <= RUNS; run++) {
    for (const [index, words] of commands.entries()) {
      const ms = await firstOutput(words, process.env);
      if (run > 0) times[index]?.push(ms);
    }
  }
  return times;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
