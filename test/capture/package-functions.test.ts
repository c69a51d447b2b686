import { describe, expect, it } from 'vitest';
import { runScripts } from './script-folder.ts';

const PACKAGE = {
  'node_modules/pkg/package.json': '{"name":"pkg","version":"1.2.3","type":"commonjs","main":"index.js"}',
  'node_modules/pkg/index.js':
    'exports.parse = (x) => [x]; exports.join = (...all) => all.join("/"); exports.hidden = () => () => 1;',
};

const SCRIPT = `
import { parse } from 'pkg';
import * as whole from 'pkg';
const helpers = { parse, inner: { join: whole.join } };
const list = [parse];
const maker = (f) => (x) => f(x);
const made = maker(parse);
const fns = [
  () => helpers.parse(helpers.inner.join('a', 'b')),
  () => list.map((f) => f(3)),
  () => made(4),
  () => Object.keys(helpers).length,
];
const hidden = { f: whole.hidden() };
const told = async () => print([await all(fns.map(capture)), await all([capture(() => hidden.f())])]);
told();
`;

describe.each([
  ['node', 'module'],
  ['tsx', 'module'],
  ['tsx', 'commonjs'],
] as const)('functions of a package, started by %s as %s', (runner, type) => {
  it('travel by their import also in data and closures', async () => {
    const files = { ...PACKAGE, 'package.json': JSON.stringify({ type }), 'script.ts': SCRIPT };
    expect(await runScripts(runner, files)).toEqual([
      [['a/b'], [[3]], [4], 2],
      [expect.stringMatching(/^CAPTURE_REFUSED: t → hidden\.f: a function made by the package pkg/)],
    ]);
  });
});
