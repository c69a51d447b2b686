// Estimates pi twenty times over, averages, and lets a command say the result.
// Run it: npm run pi. Run it again: nothing is computed again, until you change the code.
import { Environment, Queue, spawn, TaskManager } from 'tspipe';

const queue = new Queue('pi', { baseDir: '_tests' }); // _tests/pi.sqlite
const tm = new TaskManager({ queue, environ: new Environment(), scheduler: { maxWorkers: 4 } });
const tm1 = tm.clone({ scheduler: { maxWorkers: 1 } });

const square = (x: number) => x * x; // an ordinary helper: captured by itself

class Pi {
  @tm.tsApp
  static async fraction(seed: number, size = 10_000): Promise<number> {
    let inside = 0;
    for (const [x, y] of draw(seed, size)) if (square(x) + square(y) < 1) inside++;
    return inside / size;
  }

  @tm1.tsApp
  static average(fractions: number[]): number {
    return (4 * fractions.reduce((a, b) => a + b)) / fractions.length;
  }

  @tm1.bashApp
  static echo(average: number) {
    return ['echo', '-n', `bash app says pi is ~ ${average.toFixed(4)}`];
  }
}

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

const pi = tm.apps(Pi); // same apps, typed: values or Futures in, Future out
const fractions = Array.from({ length: 20 }, (_, seed) => pi.fraction(seed));
const average = pi.average(fractions); // Future<number>
const echo = pi.echo(average);

await spawn(queue); // or later: tspipe spawn -q ./_tests/pi
console.log(await echo.out()); // bash app says pi is ~ 3.14…
