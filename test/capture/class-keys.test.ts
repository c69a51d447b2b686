import { describe, expect, it } from 'vitest';
import { runScripts } from './script-folder.ts';

const SCRIPT = `
const key = 'dyn';
const field = key + 'amic';
const numbered = \`n\` + 1;
const shared = Symbol.for('shared');
const iterator = Symbol.iterator;
const made = ['a', 'b'].join('');
class Keyed {
  [key]() { return 1; }
  static [key + '2'] = 4;
  [field] = 5;
  get [numbered]() { return 6; }
  [shared] = 7;
  *[iterator]() { yield 8; }
}
class Made { [made] = 9; }
const fn = () => {
  const one = new Keyed();
  return [one.dyn(), Keyed.dyn2, one.dynamic, one.n1, one[Symbol.for('shared')], ...one];
};
print(await all([capture(fn), capture(() => new Made())]));
`;

describe('computed keys of a class', () => {
  it('are what their consts hold, although the engine has forgotten these', async () => {
    const files = { 'package.json': '{"type":"module"}', 'script.ts': SCRIPT };
    expect(await runScripts('node', files)).toEqual([
      [1, 4, 5, 6, 7, 8],
      'CAPTURE_REFUSED: t → Made → made: its value cannot be read. Use it in a function of the script as well.',
    ]);
  });
});
