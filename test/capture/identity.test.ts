import { describe, expect, it } from 'vitest';
import { captureEdited } from './runners.ts';

const SLOW = 120_000;

// Function `a` reaches helper, params.n, LIMIT and count of the own module; `b` reaches nothing of it.
const EDITS: readonly (readonly [what: string, edit: (text: string) => string, changes: boolean])[] = [
  [
    'a comment in the function',
    (text) => text.replace('return helper', '/* why */ // what\n  return helper'),
    false,
  ],
  [
    'another layout',
    (text) => text.replaceAll('  ', '\t').replace('{ factor: 2 }', '{\n factor:\n 2 }'),
    false,
  ],
  ['another type', (text) => text.replace('x: number, y', 'x: 1 | 2 | number, y'), false],
  ['quotes and semicolons', (text) => text.replace("'a';", '"a"'), false],
  ['a line above', (text) => `const before = 1;\nvoid before;\n${text}`, false],
  ['an unrelated function', (text) => text.replace('unrelated + 1', 'unrelated + 2'), false],
  ['an unrelated value', (text) => text.replace('unrelated = 5', 'unrelated = 6'), false],
  ['an unused member of an object', (text) => text.replace('unused: 1', 'unused: 2'), false],
  ['an unrelated import', (text) => `import * as os from 'node:os';\nvoid os;\n${text}`, false],
  ['the name of a helper', (text) => text.replaceAll('LIMIT', 'BOUND'), false],
  ['the function', (text) => text.replace('+ y', '- y'), true],
  ['a helper', (text) => text.replace('x * factor', 'x / factor'), true],
  ['a helper of a helper', (text) => text.replace('factor: 2', 'factor: 3'), true],
  ['a used value', (text) => text.replace('LIMIT = 9', 'LIMIT = 10'), true],
  ['a used member', (text) => text.replace('n: 10', 'n: 11'), true],
  ['the kind of a value', (text) => text.replace('LIMIT = 9', "LIMIT: any = '9'"), true],
  ['an import', (text) => text.replace('basename }', 'dirname as basename }'), true],
  ['null instead of false', (text) => text.replace('flag = false', 'flag = null'), true],
  ['optional chaining', (text) => text.replace('params.n', 'params?.n'), true],
];

describe.each(['node', 'tsx-esm', 'tsx-cjs', 'vitest'] as const)('identity under %s', (runner) => {
  it('changes with what is reachable and with nothing else', { timeout: SLOW }, async () => {
    // Every edit where starting is quick, some of them elsewhere.
    const edits = EDITS.filter((_, index) => runner === 'node' || index % 3 === 0);
    const changed = edits.map(([, change]) => ({ file: 'identity.ts', change: checked(change) }));
    const [original, ...edited] = await captureEdited(runner, 'identity.ts', changed);
    for (const { identity, error } of original ?? []) expect(identity ?? error).toMatch(isShown(runner));
    const changes = edited.map((rows, index) => [
      edits[index]?.[0],
      ...rows.map((row, at) => row.identity !== original?.[at]?.identity),
    ]);
    expect(changes).toEqual(edits.map(([what, , isChanged]) => [what, isChanged, false, false]));
  });
});

describe.each(['node', 'tsx-esm', 'tsx-cjs', 'vitest'] as const)('identity under %s', (runner) => {
  it('changes with own modules as far as they are used', { timeout: SLOW }, async () => {
    const file = 'own/counted.ts';
    const edits = [
      { file, change: checked((text) => text.replace('count = 2', 'count = 3')) },
      { file, change: checked((text) => text.replace('other = 3', 'other = 4')) },
      { file: 'own/unused.ts', change: () => 'export {};' },
    ];
    const [original, ...edited] = await captureEdited(runner, 'identity.ts', edits);
    const changes = edited.map((rows) => rows.map((row, at) => row.identity !== original?.[at]?.identity));
    // The third one imports the module only when it runs, and so it counts as a whole, where it is not refused.
    const isWhole = runner !== 'tsx-cjs';
    expect(changes).toEqual([
      [true, false, isWhole],
      [false, false, isWhole],
      [false, false, false],
    ]);
  });
});

/** An identity; under tsx in a folder of CommonJS also the refusal of a module that only tsx could import. */
function isShown(runner: string): RegExp {
  return runner === 'tsx-cjs' ? /^[0-9a-f]{64}$|it imports .* an ES module that Node/ : /^[0-9a-f]{64}$/;
}

function checked(edit: (text: string) => string): (text: string) => string {
  return (text) => {
    const edited = edit(text);
    if (edited === text) throw new Error(`The edit changes nothing: ${edit}`);
    return edited;
  };
}
