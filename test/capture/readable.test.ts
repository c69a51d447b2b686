import { expect, it } from 'vitest';
import { captureWith } from './runners.ts';

const SOURCES = {
  arrow: '(x: number) => ({ a: x as number })',
  declaration: `async function read(x: number, options: Options = { scale: 1 }): Promise<number> {
  // keep me )
  const y: number = x satisfies number;
  return y + options.scale;
}`,
  generic: '<T>(v: T): T => v',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the text of one.
  list: '(x: number): string => `${x})`',
  empty: '() => 5',
  block: `(): number => {
    return 5;
  }`,
  pattern: '({ scale }: Options, ...rest: number[]) => [scale, rest.length]',
  method: `scale(v: number): number {
    return v * 2;
  }`,
  generator: 'async () => (await Array.fromAsync(Steps.gen(1)))[0]',
  pick: `async pick({ scale }: Options): Promise<string> {
    return \`\${scale}}\`; /* ) */
  }`,
};

it.each(['node', 'tsx-esm', 'tsx-cjs', 'tsc-esm', 'tsc-cjs', 'vitest'] as const)(
  'the source of a function is what its author wrote, under %s',
  { timeout: 60_000 },
  async (runner) => {
    const { captured, rebuilt } = await captureWith(runner, 'readable.ts');
    const sources = captured.map(({ name, text = '' }) => [
      name,
      JSON.parse(text).islands[0].island.about.source,
    ]);
    expect(Object.fromEntries(sources)).toEqual(SOURCES);
    expect(rebuilt.map(({ result }) => result)).toEqual(captured.map(({ expected }) => expected));
  },
);
