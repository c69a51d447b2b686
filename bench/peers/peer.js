// What the programs of the peers share. They measure the same work: no-op tasks that return their number, a chain of
// tasks of which each begins when the one before has ended, the program `true`, and one task from nothing.
import { execFile, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const size = Number(process.argv[2] ?? 10_000);
export const hops = Math.min(1000, size / 20);
export const commands = Math.min(2000, size / 10);
/** The program was started to run one task and to print its result. */
export const isCold = process.argv[2] === 'cold';

export async function seconds(act) {
  const start = performance.now();
  await act();
  return (performance.now() - start) / 1000;
}

export function checkSum(values) {
  const sum = values.reduce((a, b) => a + b, 0);
  if (sum !== (size * (size - 1)) / 2) throw new Error(`wrong: the sum of the results, ${sum}`);
}

export const numbers = () => Array.from({ length: size }, (_, index) => index);

const run = promisify(execFile);
export async function runTrue() {
  await run('true');
}

/** Seconds from the start of the program, with the word `cold`, to its first output: the median of five. */
export async function cold(url) {
  const times = [];
  for (let round = 0; round < 5; round++) {
    const child = spawn(process.execPath, [fileURLToPath(url), 'cold'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    times.push(await seconds(() => new Promise((resolve) => child.stdout.once('data', resolve))));
    if (child.exitCode === null) await new Promise((resolve) => child.once('close', resolve));
  }
  return times.sort((a, b) => a - b)[2];
}

export function print(figures) {
  console.log(JSON.stringify(figures));
}
