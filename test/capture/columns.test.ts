import { transform } from 'esbuild';
import { describe, expect, it } from 'vitest';
import {
  type CapturedRow,
  captureCompiled,
  captureEdited,
  captureStale,
  captureWith,
  type Runner,
} from './runners.ts';

const SLOW = 240_000;
const COMPILERS = ['tsx-esm', 'tsx-cjs', 'tsc-esm', 'tsc-cjs', 'vitest'] as const;

type Column = readonly [runner: Runner, rows: readonly CapturedRow[]];
const RUNNERLESS: Column = ['node', []];

describe('a function has one identity', () => {
  it('whatever compiles what plain Node does not strip', { timeout: SLOW }, async () => {
    const columns = await captured(COMPILERS, 'compiled.ts');
    // vite makes a const beside an exported const of a namespace; the others read the member of the namespace.
    expect(differences(columns)).toEqual(['namespace: vitest']);
  });

  it('whatever applies experimental decorators', { timeout: SLOW }, async () => {
    const columns = await captured(COMPILERS, 'decorated.ts', { experimentalDecorators: true });
    expect(differences(columns)).toEqual([]);
  });

  it('unless compilers put helpers of their own into classes, as for standard decorators', {
    timeout: SLOW,
  }, async () => {
    const columns = await captured(['tsc-esm', 'tsc-cjs', 'tsx-esm', 'tsx-cjs'], 'decorated.ts');
    expect(differences(columns)).toEqual([
      'decorated class: tsx-esm, tsx-cjs',
      'decorated method: tsx-esm, tsx-cjs',
    ]);
  });
});

describe.each(COMPILERS)('identity under %s', (runner) => {
  it('changes with an enum, as far as its members are used', { timeout: SLOW }, async () => {
    const edits = [
      { file: 'compiled.ts', change: (text: string) => text.replace('Small * 4', 'Small * 8') },
      { file: 'compiled.ts', change: (text: string) => text.replace('Blue = 5', 'Blue = 6') },
    ];
    const [before = [], size = [], color = []] = await captureEdited(runner, 'compiled.ts', edits);
    expect(changed(before, size)).toEqual(['const enum', 'const enum or', 'parameter property']);
    expect(changed(before, color)).toEqual(['enum', 'enum whole', 'enum reverse', 'data of enum']);
  });
});

describe('the code that ran counts', () => {
  it('and not an original that was edited since', { timeout: SLOW }, async () => {
    const [compiled = [], stale = [], again = []] = await captureStale('identity.ts', (text) =>
      text.replace('+ y', '- y'),
    );
    expect(changed(compiled, stale)).toEqual([]);
    expect(changed(compiled, again)).toEqual(['a']);
  });

  it('with what a compiler put in the place of names', { timeout: SLOW }, async () => {
    const withLimit = (limit: string) =>
      captureCompiled('defined.ts', async (text) => {
        const options = { loader: 'ts', sourcemap: 'inline', define: { LIMIT: limit } } as const;
        return (await transform(text, options)).code;
      });
    const [four, five] = [await withLimit('4'), await withLimit('5')];
    expect(changed(four, five)).toEqual(['define']);
    expect(new Set(four.map(({ identity }) => identity)).size).toBe(1);
  });
});

async function captured(
  runners: readonly Runner[],
  script: string,
  options = {},
): Promise<readonly Column[]> {
  const columns: Column[] = [];
  for (const runner of runners) columns.push([runner, (await captureWith(runner, script, options)).captured]);
  return columns;
}

/** Functions with the columns in which they have another identity than in the first. */
function differences([[, first] = RUNNERLESS, ...others]: readonly Column[]): readonly string[] {
  return first.flatMap(({ name, identity, error }, index) => {
    expect(error ?? identity).toMatch(/^[0-9a-f]{64}$/);
    const other = others.filter(([, rows]) => rows[index]?.identity !== identity);
    return other.length === 0 ? [] : [`${name}: ${other.map(([runner]) => runner).join(', ')}`];
  });
}

function changed(before: readonly CapturedRow[], after: readonly CapturedRow[]): readonly string[] {
  expect(before.length).toBeGreaterThan(0);
  expect(after.map(({ name }) => name)).toEqual(before.map(({ name }) => name));
  return before.flatMap(({ name, identity, error }, index) => {
    expect(error ?? identity).toMatch(/^[0-9a-f]{64}$/);
    return after[index]?.identity === identity ? [] : [name];
  });
}
