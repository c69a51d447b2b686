// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are code.
import { describe, expect, it } from 'vitest';
import { programOf } from './hooks.ts';

/** The identity of a function as it is written here, by no compiler. */
function identityOf(text: string): string {
  const make = new Function(`return (${text});`) as () => (...args: never) => unknown;
  return programOf(make()).identity;
}

/** Functions that look alike and do different things. */
const DIFFERENT: readonly (readonly string[])[] = [
  ['() => []', '() => [,]', '() => [,,]', '() => [0]', '() => [[]]'],
  ['(o) => o.f()', '(o) => (0, o.f)()', '(o) => o?.f()', '(o) => (o?.f)()', '(o) => o.f?.()', '(o) => o.f'],
  ['(o) => o?.a.b', '(o) => (o?.a).b', '(o) => o.a?.b', '(o) => o.a.b', '(o) => o.b.a'],
  ['(o, a) => o[a]', '(o, a) => o.a', '(o) => o[a]'],
  ['() => typeof missing', '() => typeof (0, missing)', "() => typeof 'missing'", '() => missing'],
  ['(o) => delete o.a', '(o) => delete (0, o.a)', '(o) => delete o?.a', '(o) => void o.a'],
  ["(x) => x + 1 + 'a'", "(x) => x + '1a'", "(x) => x + (1 + x) + 'a'", "(x) => 1 + x + 'a'"],
  ["(x) => x + 'a' + x", "(x) => x + ('a' + x)", '(x) => x + `a${x}`', '(x) => `${x}a${x}`'],
  ["(x) => '' + x", '(x) => `${x}`', '(x) => x', '(x) => String(x)'],
  ['(t) => t`a\\n`', '(t) => t`a\n`', '(t) => t(["a\\n"])', '(o) => o.t`a`', '(o) => (0, o.t)`a`'],
  ['() => 0', '() => -0', "() => '0'", '() => 0n', '() => false', '() => null', '() => undefined'],
  ['() => 1e999', '() => -1e999', '() => null', '() => NaN', "() => 'Infinity'"],
  ['() => ({ __proto__: null })', "() => ({ ['__proto__']: null })", '() => ({ proto: null })'],
  ['(__proto__) => ({ __proto__ })', '(__proto__) => ({ __proto__: __proto__ })'],
  [
    '() => ({ a() {} })',
    '() => ({ a: function () {} })',
    '() => ({ a: () => {} })',
    '() => ({ get a() {} })',
  ],
  ['() => ({ set a(x) {} })', '() => ({ async a(x) {} })', '() => ({ *a(x) {} })', '() => ({ a(x) {} })'],
  ['() => {}', '() => ({})', '() => [{}]', '() => { ({}) }', '() => { { } }'],
  ['() => class { a = 1; b = 2 }', '() => class { b = 2; a = 1 }', '() => class { static a = 1; b = 2 }'],
  [
    '() => class { a() {} }',
    '() => class { static a() {} }',
    '() => class { a = () => {} }',
    '() => class { #a() {} }',
  ],
  ['() => class { static { f(); } static a = 1 }', '() => class { static a = 1; static { f(); } }'],
  ['() => class extends A {}', '() => class A {}', '() => class {}', '() => class extends B {}'],
  ['function f() {}', 'function* f() {}', 'async function f() {}', 'async function* f() {}'],
  ['(a, b) => a', '(a, b) => b', '(a, ...b) => b', '(a, [b]) => b', '(a, { b }) => b', '(a, { c: b }) => b'],
  ['(a, b = 1) => b', '(a, b = 2) => b', '(a, b = a) => b', '(a, b) => b ?? 1', '(a, b) => b || 1'],
  [
    '(x) => { { let x = 1; } return x; }',
    '(x) => { { let x = 1; return x; } }',
    '(x) => { { var x = 1; } return x; }',
  ],
  ['(x) => { let y = x; return y; }', '(x) => { var y = x; return y; }', '(x) => { const y = x; return y; }'],
  [
    '(x) => { for (const a of x) f(a); }',
    '(x) => { for (const a in x) f(a); }',
    '(x) => { for (let a of x) f(a); }',
  ],
  ['async (x) => { for (const a of x) f(a); }', 'async (x) => { for await (const a of x) f(a); }'],
  [
    '(x) => { for (; x(); ); }',
    '(x) => { for (x(); ; ); }',
    '(x) => { for (; ; x()); }',
    '(x) => { while (x()); }',
  ],
  ['() => { a: for (;;) b: for (;;) break a; }', '() => { a: for (;;) b: for (;;) break b; }'],
  ['() => { a: for (;;) b: for (;;) continue a; }', '() => { a: for (;;) b: for (;;) break a; }'],
  ['(x) => { switch (x) { case 1: default: f(); } }', '(x) => { switch (x) { default: case 1: f(); } }'],
  ['(x) => { if (x) f(); else g(); }', '(x) => { if (x) f(); g(); }', '(x) => { if (x) { f(); g(); } }'],
  ['() => (function f() {}).name', '() => (function g() {}).name', '() => (function () {}).name'],
  ['() => { const f = () => {}; return f.name; }', '() => { const g = () => {}; return g.name; }'],
  ['() => { let f; f ??= () => {}; return f.name; }', '() => { let g; g ??= () => {}; return g.name; }'],
  ['(f = () => {}) => f.name', '(g = () => {}) => g.name', '(f = (0, () => {})) => f.name'],
  ['({ k: f = () => {} }) => f.name', '({ k: g = () => {} }) => g.name'],
  ['() => { class A {} return A.name; }', '() => { class B {} return B.name; }'],
  ['() => { function f() {} return f.name; }', '() => { function g() {} return g.name; }'],
  ["() => { 'use strict'; return 1; }", "() => { ('use strict'); return 1; }", '() => { return 1; }'],
  [
    '(x) => x++',
    '(x) => ++x',
    '(x) => x--',
    '(x) => (x += 1)',
    '(x) => (x = +1)',
    '(x) => x == 1',
    '(x) => x === 1',
  ],
  ['(x) => (x, 1)', '() => 1', '(x) => [x, 1]', '(x) => (1, x)'],
  ['(x) => new x()', '(x) => x()', '(x) => new (x())()', '(x) => x?.()', '(x) => x(x)'],
  ['(x) => f(...x)', '(x) => f(x)', '(x) => f([...x])', '(x) => f({ ...x })'],
  ['function* f(x) { yield x; }', 'function* f(x) { yield* x; }', 'function* f(x) { return x; }'],
  ['async (x) => await x', 'async (x) => x', '(x) => x'],
  ['(x) => /a/g.test(x)', '(x) => /a/.test(x)', "(x) => '/a/g'.test(x)", '(x) => /A/g.test(x)'],
  ['(x) => x && f() || g()', '(x) => x && (f() || g())', '(x) => x ?? (f() || g())', '(x) => x ? f() : g()'],
  [
    '() => { try { f(); } catch { g(); } }',
    '() => { try { f(); } finally { g(); } }',
    '() => { try { f(); } catch (e) { g(e); } }',
  ],
  ['function f() { return new.target; }', 'function f() { return f; }', 'function f() { return arguments; }'],
  ['(undefined) => undefined', '() => undefined', '(x) => undefined'],
  ['(x) => -x', '(x) => +x', '(x) => ~x', '(x) => !x', '(x) => void x', '(x) => typeof x'],
  ['() => f(() => 1)', '() => f(1)', '() => f()', '() => f(() => {})', '() => f(function () { return 1; })'],
  [
    '() => ({ a: 1, b: 2 })',
    '() => ({ b: 2, a: 1 })',
    "() => ({ 'a': '1', b: 2 })",
    '() => ({ a: 1, ...{ b: 2 } })',
  ],
];

/** What compilers write for each other. */
const SAME: readonly (readonly string[])[] = [
  ['(x) => { return x }', '(y)=>{return y;}', '(x) => { /* why */ return (x); ; }'],
  ["() => ['a', '\\n', `b`]", '() => ["a", "\\x0a", "b"]', '() => ["a", `\n`, `${"b"}`]'],
  ['() => 60 * 60 * 1_000 + 0x10', '() => 3600016', '() => 3600e3 + 16'],
  ["(x) => 'a' + 'b' + x + 'c' + 'd' + `e${x}f` + 1", "(x) => 'ab' + x + `cde${x}f1`"],
  ['() => undefined', '() => void 0', '() => (1, undefined)'],
  ['(x) => true && x', '(x) => x', '(x) => (0, x)', '(x) => (false ? 1 : x)', '(x) => null ?? x'],
  ['() => [true, false, -1]', '() => [!0, !1, -1]', "() => [typeof undefined === 'undefined', 1 > 2, 1 - 2]"],
  ["(o) => [o['a'], o.b]", '(o) => [o.a, o["b"]]'],
  ["(x) => ({ x, 'y': 1 })", '(z) => ({ x: z, y: 1 })'],
  ['function f(n) { return n && f(n - 1); }', 'function f(x) { return x && f(x - 1); }'],
  [
    '() => class { a() {} x = 1; static y = 2; b() {} }',
    '() => class { static y = 2; x = 1; a() {} b() {} }',
  ],
  [
    '() => { class A { make() { return new A(); } } return A; }',
    '() => { class A { make() { return new A; } } return A }',
  ],
];

describe('identity', () => {
  it.each(DIFFERENT.map((texts) => [texts] as const))('tells apart %j', (texts) => {
    const identities = new Map(texts.map((text) => [identityOf(text), text]));
    expect([...identities.values()]).toEqual(texts);
  });

  it.each(SAME.map((texts) => [texts] as const))('is one for %j', (texts) => {
    expect(new Set(texts.map(identityOf)).size).toBe(1);
  });
});
