import { createContext, runInContext, runInThisContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { capture, load } from './hooks.ts';
import { runScripts } from './script-folder.ts';

/** As a prompt runs it: each input is a script of its own. */
function input<Value>(text: string): Value {
  return runInThisContext(text, { filename: 'REPL7' }) as Value;
}

type Fn = (x: number) => unknown;

async function results(
  captured: ReturnType<typeof capture>,
  change: () => void,
): Promise<readonly unknown[]> {
  const first = await load(captured.program());
  change();
  const second = await load(captured.program());
  return [first.instantiate()(1), second.instantiate()(1)];
}

describe('what was typed at a prompt is read again at every call:', () => {
  it('a variable that a later input assigns', async () => {
    input('let typedLimit = 1; const typedTest = (x) => x + typedLimit;');
    const captured = capture(input<Fn>('(x) => typedTest(x)'));
    expect(await results(captured, () => input('typedLimit = 10'))).toEqual([2, 11]);
  });

  it('a function that a later input declares again', async () => {
    input('function typedHelper(x) { return x + 1; }');
    const captured = capture(input<Fn>('(x) => typedHelper(x)'));
    expect(await results(captured, () => input('function typedHelper(x) { return x * 1000; }'))).toEqual([
      2, 1000,
    ]);
  });

  it('a variable of the input itself', async () => {
    const captured = capture(input<Fn>('var typedVar = 1, typedLet = 2; (x) => x + typedVar + typedLet'));
    expect(await results(captured, () => input('typedVar = 10; typedLet = 20'))).toEqual([4, 31]);
  });
});

describe('a prompt with a context of its own', () => {
  const context = createContext({});
  const typed = <Value>(text: string): Value => runInContext(text, context, { filename: 'REPL8' }) as Value;

  it('gives its functions and data, read again at every call', async () => {
    typed('function helper(x) { return x + 1; } var cfg = { list: [1, 2], map: new Map([["a", 1]]) };');
    const captured = capture(typed<Fn>('(x) => [helper(x), cfg.list.length, cfg.map.get("a")]'));
    const change = () => typed('function helper(x) { return x * 1000; }');
    expect(await results(captured, change)).toEqual([
      [2, 2, 1],
      [1000, 2, 1],
    ]);
  });

  it('gives only the members of data that are used', async () => {
    typed('var large = { used: 1, unused: [1, 2, 3] };');
    const captured = capture(typed<Fn>('() => large.used'));
    expect(captured.program().captures).toEqual([]);
  });

  it('knows modules of Node by their names', async () => {
    const captured = capture(typed<Fn>('() => path.basename("a/b")'));
    expect((await load(captured.program())).instantiate()()).toBe('b');
  });
});

it('what was put on the global object is read again at every call', async () => {
  Object.assign(globalThis, { putGlobal: 1 });
  const captured = capture(new Function('x', 'return x + putGlobal') as Fn);
  expect(await results(captured, () => Object.assign(globalThis, { putGlobal: 2 }))).toEqual([2, 3]);
});

const STATE = `
export let level = 1;
export function setLevel(n: number): void { level = n; }
export let { deep } = { deep: 1 };
export function setDeep(n: number): void { deep = n; }
`;

const SCRIPT = `
import { level as byName, setLevel, setDeep, deep } from './own/state.ts';
import { level as byHash, setLevel as setByHash } from '#state';
import { level as byBarrel } from './own/barrel.ts';
import { level as byStar } from './own/star.ts';
import * as space from './own/barrel.ts';
const fns = [
  () => byName, () => byHash, () => byBarrel, () => byStar, () => space.level, () => deep,
];
const inTask = [
  () => { setLevel(7); return byName; }, () => { setByHash(7); return byHash; }, () => { setLevel(7); return byBarrel; },
  () => { setLevel(7); return byStar; }, () => { setLevel(7); return space.level; }, () => { setDeep(7); return deep; },
];
`;

const READ = `
const captures = fns.map(capture);
const first = await all(captures);
setLevel(2); setDeep(2);
print([first, await all(captures), await all(inTask.map(capture))]);
`;

describe.each(['node', 'tsx'] as const)('variables of own modules, started by %s', (runner) => {
  it('are read again at every call, and shared in a task, by whatever way they are imported', async () => {
    const files = {
      'package.json': JSON.stringify({ type: 'module', imports: { '#state': './own/state.ts' } }),
      'own/state.ts': STATE,
      'own/barrel.ts': "import { level, setLevel } from './state.ts'; export { level, setLevel };",
      'own/star.ts': "export * from './state.ts';",
      'script.ts': SCRIPT + READ,
    };
    const six = (value: number) => Array.from({ length: 6 }, () => value);
    expect(await runScripts(runner, files)).toEqual([six(1), six(2), six(7)]);
  });

  it('are read again where tsx turns modules into CommonJS', async () => {
    if (runner === 'node') return;
    const files = {
      'package.json': JSON.stringify({ imports: { '#state': './own/state.ts' } }),
      'own/state.ts': STATE,
      'own/barrel.ts': "import { level, setLevel } from './state.ts'; export { level, setLevel };",
      'own/star.ts': "export * from './state.ts';",
      'script.ts': `${SCRIPT} (async () => { ${READ} })();`,
    };
    const six = (value: number) => Array.from({ length: 6 }, () => value);
    expect(await runScripts(runner, files)).toEqual([six(1), six(2), six(7)]);
  });
});

describe('what an own module exports', () => {
  it('is data by itself, although its keys are those of variables of the module', async () => {
    const files = {
      'package.json': '{"type":"module"}',
      'state.ts':
        'export let level = 1; export const setLevel = () => { level = 2; }; export const cfg = { level: 7 };',
      'script.ts': `
import { cfg, level, setLevel } from './state.ts';
print(await all([capture(() => { setLevel(); return [cfg.level, level]; })]));`,
    };
    expect(await runScripts('node', files)).toEqual([[7, 2]]);
  });

  it('is refused where the module cannot be told and functions assign variables of modules', async () => {
    const files = {
      'package.json': '{"type":"module"}',
      'tsconfig.json': '{"compilerOptions":{"paths":{"@/*":["./*"]}}}',
      'state.ts': 'export let level = 1; export const setLevel = () => { level = 2; };',
      'script.ts': `
import { level, setLevel } from '@/state';
print(await all([capture(() => { setLevel(); return level; }), capture(() => level)]));`,
    };
    const refused = expect.stringMatching(/^CAPTURE_REFUSED: t → level: the module .* relative path/);
    expect(await runScripts('tsx', files)).toEqual([refused, 1]);
  });
});

describe('an export that changes after the call', () => {
  const change = `
const captured = await capture(fn);
captured.program();
state.setLevel(5);
captured.verifyUnchanged();
const before = await all([captured]);
print([before, await all([captured])]);`;

  it('is no change of data, in CommonJS written by hand', async () => {
    const files = {
      'package.json': '{"type":"commonjs"}',
      'state.js': 'exports.level = 1; exports.setLevel = (n) => { exports.level = n; };',
      'script.ts': `const state = require('./state.js'); const fn = () => state.level; (async () => { ${change} })();`,
    };
    expect(await runScripts('node', files)).toEqual([[5], [5]]);
  });

  it('is none in a namespace, nor is the inside of another object that it holds now', async () => {
    const files = {
      'package.json': '{"type":"module"}',
      'state.ts': 'export let cfg = { n: 1 }; export const setLevel = (n) => { cfg = { n }; };',
      'script.ts': `import * as state from './state.ts'; const fn = () => state.cfg.n; ${change}`,
    };
    expect(await runScripts('node', files)).toEqual([[5], [5]]);
  });
});
