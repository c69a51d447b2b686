// The same as pi.ts without a class, and so without decorators: plain node runs it.
// Run it: node examples/pi-plain.ts
import { Queue, spawn, TaskManager } from 'tspipe';

const queue = new Queue('pi-plain', { baseDir: '_tests' }); // _tests/pi-plain.sqlite
const tm = new TaskManager({ queue, scheduler: { maxWorkers: 4 } });
const tm1 = tm.clone({ scheduler: { maxWorkers: 1 } });

const square = (x: number) => x * x; // an ordinary helper: captured by itself

const fraction = tm.tsApp(function fraction(seed: number, size = 10_000) {
  let inside = 0;
  for (const [x, y] of draw(seed, size)) if (square(x) + square(y) < 1) inside++;
  return inside / size;
});

const { average } = tm1.apps({
  average: (fractions: number[]) => (4 * fractions.reduce((a, b) => a + b)) / fractions.length,
});

const echo = tm1.bashApp(function echo(average: number) {
  return ['echo', '-n', `bash app says pi is ~ ${average.toFixed(4)}`];
});

/** Points in the unit square, by a small seeded generator (mulberry32). */
function* draw(seed: number, size: number): Generator<[number, number]> {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  for (let i = 0; i < size; i++) yield [next(), next()];
}

const fractions = Array.from({ length: 20 }, (_, seed) => fraction(seed));
const text = echo(average(fractions));

await spawn(queue); // or later: tspipe spawn -q ./_tests/pi-plain
console.log(await text.out()); // bash app says pi is ~ 3.14…
