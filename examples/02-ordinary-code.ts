// A script as one writes it anyway: helpers, constants, a package, a class, a module of its own. Nothing is marked,
// exported or repeated for the workers, and there is no rule to remember.
// Run it: node examples/02-ordinary-code.ts
import { basename } from 'node:path';
import { Queue, spawn, TaskManager } from 'tspipe';
import { parse } from 'yaml';
import { median, sorted, spread } from './02-statistics.ts';

interface Settings {
  readonly range: readonly [number, number];
  readonly bins: number;
}

interface Measured {
  readonly seed: number;
  readonly centre: number;
  readonly spread: number;
  readonly bars: string;
}

const queue = new Queue('02-ordinary-code', { baseDir: '_tests' });
const tm = new TaskManager({ queue });

const settings: Settings = parse('range: [-3, 3]\nbins: 24'); // a value of the script
const script = basename(import.meta.filename);

class Histogram {
  static readonly #heights = ' ▁▂▃▄▅▆▇█';
  readonly #counts = new Array<number>(settings.bins).fill(0);

  add(value: number): void {
    const [low, high] = settings.range;
    const bin = Math.floor((settings.bins * (value - low)) / (high - low));
    if (bin in this.#counts) this.#counts[bin] = (this.#counts[bin] ?? 0) + 1;
  }

  toString(): string {
    const most = Math.max(...this.#counts);
    return this.#counts.map((count) => Histogram.#heights.at(Math.round((8 * count) / most))).join('');
  }
}

/** Numbers of a normal distribution, by a small seeded generator. */
function* draw(seed: number, size: number): Generator<number> {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state + 1) / 2 ** 32;
  };
  for (let i = 0; i < size; i++) yield Math.sqrt(-2 * Math.log(next())) * Math.cos(2 * Math.PI * next());
}

const measure = tm.tsApp(function measure(seed: number, size = 2000): Measured {
  const values = [...draw(seed, size)];
  const histogram = new Histogram();
  for (const value of values) histogram.add(value);
  const result = { seed, centre: median(values), spread: spread(values), bars: String(histogram) };
  console.log(`${script}: ${seed} sorted ${sorted} times`);
  return result;
});

const report = tm.tsApp(function report(measured: readonly Measured[]): string {
  const line = ({ seed, bars, ...one }: Measured) =>
    `${seed}  ${bars}  ${one.centre.toFixed(3)} ± ${one.spread.toFixed(3)}`;
  return measured.map(line).join('\n');
});

const text = report([1, 2, 3].map((seed) => measure(seed)));

await spawn(queue);
console.log(await text.result());
for (const { kind, name, bytes } of measure.captures()) console.log(`${kind} ${name}, ${bytes} bytes`);
