import { describe, expect, it } from 'vitest';
import { whyOther, whyRefused } from './explained.ts';
import { captureWith, RUNNERS, type Outcome, type Runner } from './runners.ts';

const SLOW = 120_000;

const outcomes = new Map<Runner, Promise<Outcome>>();

/** What became of the table, run once for each runner. */
function outcomeOf(runner: Runner): Promise<Outcome> {
  const outcome = outcomes.get(runner) ?? captureWith(runner, 'script.ts');
  outcomes.set(runner, outcome);
  return outcome;
}

describe.each(RUNNERS)('a script started with %s', (runner) => {
  it('gives the same results in a fresh process as the table says', { timeout: SLOW }, async () => {
    const outcome = await outcomeOf(runner);
    expect(outcome.captured.length).toBeGreaterThan(60);
    expect(wrongRows(outcome, runner)).toEqual([]);
  });

  it('gives its functions the identity that they have in plain Node', { timeout: SLOW }, async () => {
    const [plain, here] = [await outcomeOf('node'), await outcomeOf(runner)];
    const others = here.captured.filter(
      ({ identity }, index) => identity !== plain.captured[index]?.identity,
    );
    const explained = plain.captured.filter(({ name }) => whyRefused(name, runner) ?? whyOther(name, runner));
    expect(others.map(({ name }) => name)).toEqual(explained.map(({ name }) => name));
  });
});

describe.each(['node', 'tsx-esm', 'tsc-esm', 'vitest'] as const)('an ES module started with %s', (runner) => {
  it('sees its own import.meta and values of top-level await', { timeout: SLOW }, async () => {
    expect(wrongRows(await captureWith(runner, 'script-esm.ts'), runner)).toEqual([]);
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
    expect(wrongRows(outcome, runner)).toEqual([]);
  });
});

/** What cannot work is refused, everything else gives what it should. */
function wrongRows({ captured, rebuilt }: Outcome, runner: Runner): readonly unknown[] {
  return captured.flatMap(({ name, expected, error }, index) => {
    const found = rebuilt[index];
    const isRight =
      whyRefused(name, runner) === undefined
        ? expected !== undefined && found?.result === expected
        : error?.includes('it imports ./own/lazy.ts when it runs, an ES module') === true;
    return isRight ? [] : [{ name, expected, found: found?.result, error: error ?? found?.error }];
  });
}
