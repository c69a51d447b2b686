import { expect, it } from 'vitest';
import { runScripts } from './script-folder.ts';

it('a module that no worker could import is refused at the call: an alias, an ES module in a folder of CommonJS', async () => {
  const shown = await runScripts('tsx', {
    'package.json': '{ "type": "commonjs" }',
    'module.ts': 'export const n = 1;',
    'older.ts': 'exports.n = 2;',
    'script.ts': `
      const fns = [() => import('@lib/m'), () => import('./module.ts'), () => import('./older.ts')];
      Promise.all(fns.map((fn) => capture(fn))).then(all).then(print);`,
  });
  expect(shown).toEqual([
    expect.stringMatching(/^CAPTURE_REFUSED: t: it imports @lib\/m when it runs, which Node does not find/),
    expect.stringMatching(
      /^CAPTURE_REFUSED: t: it imports .*module\.ts when it runs, an ES module that Node/,
    ),
    expect.objectContaining({ n: 2 }),
  ]);
});
