import { expect, it } from 'vitest';
import { runScripts } from './script-folder.ts';

const WAYS = [
  "import(/* webpackChunkName: 'e' */ './e.ts')",
  'import(`./e.ts`)',
  "import(n > 0 ? './e.ts' : './f.ts')",
  "Promise.resolve(createRequire(import.meta.url)('./data'))",
];

/** Identities of functions that import a module while they run, which reaches a file in each of the ways. */
async function identities(value: number): Promise<readonly string[]> {
  const modules = WAYS.map((way, index) => [
    `module${index}.ts`,
    `import { createRequire } from 'node:module';
     export const g = (n: number) => [${way}, createRequire, n];`,
  ]);
  const shown = await runScripts('node', {
    'package.json': '{ "type": "module" }',
    'e.ts': `export const e = ${value};`,
    'f.ts': 'export const f = 1;',
    'data.json': `${value}`,
    ...Object.fromEntries(modules),
    'script.ts': `
      const fns = [${WAYS.map((_, index) => `() => import('./module${index}.ts')`).join()}];
      Promise.all(fns.map(async (fn) => (await capture(fn)).program().identity)).then(print);`,
  });
  return shown as readonly string[];
}

it('the identity of a function changes with every file that a module it imports when it runs may reach', async () => {
  const [before, after, again] = [await identities(1), await identities(2), await identities(1)];
  expect(after.map((identity, index) => identity !== before[index])).toEqual(WAYS.map(() => true));
  expect(again).toEqual(before);
});
