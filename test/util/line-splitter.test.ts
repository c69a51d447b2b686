import { expect, it } from 'vitest';
import { lineSplitter } from '../../src/util/index.ts';

function linesOf(...chunks: string[]): string[] {
  const lines: string[] = [];
  const take = lineSplitter((line) => lines.push(line));
  for (const chunk of chunks) take(chunk);
  return lines;
}

it('lines come whole, however the chunks are cut, and what has no end is kept back', () => {
  expect(linesOf('a\nb', 'c', '\n\nd\n', 'rest')).toEqual(['a', 'bc', '', 'd']);
  expect(linesOf('', '\n')).toEqual(['']);
});

it('a long line takes time that grows with its length only', () => {
  const chunks = Array.from({ length: 20_000 }, () => 'x'.repeat(1000));
  const begun = performance.now();
  const [line] = linesOf(...chunks, '\n');
  expect(line?.length).toBe(20_000_000);
  expect(performance.now() - begun).toBeLessThan(5000);
});
