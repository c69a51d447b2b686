import { describe, expect, it } from 'vitest';
import { captureWith, RUNNERS, type Outcome } from './runners.ts';

const SLOW = 120_000;

/** What cannot work, and why. */
const EXPLAINED: Readonly<Record<string, readonly string[]>> = {
  // Only tsx reads ES modules in a folder of CommonJS; the worker's Node does not.
  'tsx-cjs': ['dynamic import'],
};

describe.each(RUNNERS)('a script started with %s', (runner) => {
  it('gives the same results in a fresh process as the table says', { timeout: SLOW }, async () => {
    const outcome = await captureWith(runner, 'script.ts');
    expect(outcome.captured.length).toBeGreaterThan(60);
    expect(wrongRows(outcome, EXPLAINED[runner] ?? [])).toEqual([]);
  });
});

describe.each(['node', 'tsx-esm', 'tsc-esm', 'vitest'] as const)('an ES module started with %s', (runner) => {
  it('sees its own import.meta and values of top-level await', { timeout: SLOW }, async () => {
    expect(wrongRows(await captureWith(runner, 'script-esm.ts'), [])).toEqual([]);
  });
});

describe.each([
  ['tsx-esm', true],
  ['tsx-esm', false],
  ['tsc-esm', true],
  ['tsc-esm', false],
  ['vitest', true],
] as const)('decorators under %s, experimental: %s,', (runner, experimentalDecorators) => {
  it('may wrap what is captured', { timeout: SLOW }, async () => {
    const outcome = await captureWith(runner, 'decorated.ts', { experimentalDecorators });
    expect(outcome.captured.length).toBe(2);
    expect(wrongRows(outcome, [])).toEqual([]);
  });
});

function wrongRows({ captured, rebuilt }: Outcome, explained: readonly string[]): readonly unknown[] {
  return captured.flatMap(({ name, expected, error }, index) => {
    const found = rebuilt[index];
    if (explained.includes(name) || (expected !== undefined && found?.result === expected)) return [];
    return [{ name, expected, found: found?.result, error: error ?? found?.error }];
  });
}
