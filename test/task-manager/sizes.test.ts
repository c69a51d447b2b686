import { expect, it } from 'vitest';
import { makePlace } from '../helpers/place.ts';
import { run } from '../queue/script.ts';

it('warns of much captured data, texts too, also where it grew after the first call', async () => {
  const { folder } = makePlace();
  const text = `let words = 'x';
    const count = tm.tsApp(function count() { return words.length; });
    for (const length of [1, 900_000, 1_500_000, 1_600_000, 3_500_000]) {
      words = 'x'.repeat(length);
      count();
    }
    const numbers = new Float64Array(200_000);
    const sum = tm.tsApp(function sum() { return numbers.length; });
    sum();`;
  const { err } = await run(folder, text);
  const warnings = err.split('\n').filter((line) => line.includes('captured data'));
  expect(warnings.map((line) => line.replace(/\. Pass large data.*/, ''))).toEqual([
    'tspipe: warning: count takes 1.5 MB of captured data to every worker, most of it count → words',
    'tspipe: warning: count takes 3.5 MB of captured data to every worker, most of it count → words',
    'tspipe: warning: sum takes 1.6 MB of captured data to every worker, most of it sum → numbers',
  ]);
});
