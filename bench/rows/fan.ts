// One task that needs the results of all others, or all others that need one; from the first call to the end of
// `spawn`. Against a quarter of the edges it is seen whether the time is linear in them.
import { spawn } from 'tspipe';
import { sumOfResults } from '../lib/drain.ts';
import { check, measure, seconds, sumBelow } from '../lib/place.ts';

const PART = 4;

await measure(async ({ queue, tm, size }) => {
  const number = tm.tsApp(function number(index: number, _round: number) {
    return index;
  });
  const sum = tm.tsApp(function sum(values: readonly number[]) {
    return values.reduce((a, b) => a + b, 0);
  });
  const add = tm.tsApp(function add(base: number, index: number) {
    return base + index;
  });

  const fanIn = async (edges: number): Promise<number> => {
    let total = 0;
    const whole = await seconds(async () => {
      const future = sum(Array.from({ length: edges }, (_, index) => number(index, edges)));
      await spawn(queue);
      total = await future.result();
    });
    check(total === sumBelow(edges), 'the sum of a fan-in');
    return whole;
  };

  const fanOut = async (edges: number): Promise<number> => {
    const whole = await seconds(async () => {
      const base = number(edges, -1);
      for (let index = 0; index < edges; index++) add(base, index);
      await spawn(queue);
    });
    return whole;
  };

  // So that the code of the script is compiled for all that counts.
  const warmUp = size / 10;
  await fanIn(warmUp);
  await fanOut(warmUp);
  const expected = 2 * (size + size / PART + warmUp) + 6;
  const [inPart, inWhole] = [await fanIn(size / PART), await fanIn(size)];
  const [outPart, outWhole] = [await fanOut(size / PART), await fanOut(size)];
  check((await queue.counts({ state: 'SUCCEEDED' })) === expected, 'the number that succeeded');
  const sums = [size, size / PART, warmUp].map((edges) => edges * edges + sumBelow(edges));
  check((await sumOfResults(queue, 'add')) === sums.reduce((a, b) => a + b), 'the results of a fan-out');
  return {
    in: inWhole,
    inGrowth: inWhole / PART / inPart,
    out: outWhole,
    outGrowth: outWhole / PART / outPart,
  };
});
