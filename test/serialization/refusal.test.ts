import { createReadStream } from 'node:fs';
import { Socket } from 'node:net';
import { constants, runInThisContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { encodeValue } from '../../src/serialization/index.ts';

class Point {
  readonly x = 1;
}
class SpecialMap extends Map {}

const refused: readonly (readonly [string, unknown, RegExp])[] = [
  ['an unregistered instance', new Point(), /an instance of Point .* registerClass\(Point/],
  ['an instance of a subclass of Map', new SpecialMap(), /an instance of SpecialMap/],
  ['an array of a subclass', new (class Rows extends Array {})(), /an instance of Rows/],
  ['an object with a prototype of its own', Object.create({ a: 1 }), /a prototype of its own/],
  ['a pretended Map', Object.create(Map.prototype), /an instance of Map|a Map cannot/],
  ['a formatter', new Intl.NumberFormat('en'), /a NumberFormat .* or once a worker with tm\.perWorker/],
  ['an encoder', new TextEncoder(), /a TextEncoder .* Make it inside the function/],
  ['a query', new URLSearchParams('a=1'), /a URLSearchParams .* Pass its text/],
  ['a controller', new AbortController(), /an? AbortController .* context\.signal/],
  ['a function', () => 1, /a function cannot travel here/],
  ['a function with a name', createReadStream, /the function createReadStream/],
  ['a class', Point, /the function Point/],
  ['a very long bigint', 10n ** 1_000_000n, /more than a million digits/],
  ['a promise', Promise.resolve(1), /a Promise .* Await it first/],
  ['a WeakMap', new WeakMap(), /a WeakMap/],
  ['a WeakSet', new WeakSet(), /a WeakSet/],
  ['a WeakRef', new WeakRef({}), /a WeakRef/],
  ['a Proxy', new Proxy({ a: 1 }, {}), /a Proxy/],
  ['a Proxy of an array', new Proxy([1], {}), /a Proxy/],
  ['a revoked Proxy', revokedProxy(), /a Proxy/],
  ['an unregistered symbol', Symbol('mine'), /Symbol\(mine\) exists in this process only/],
  ['a socket', new Socket(), /a live Socket cannot travel to a worker\. Open it inside the task/],
  ['a web stream', new ReadableStream(), /a live ReadableStream/],
  ['a generator', (function* () {})(), /a running iterator/],
  ['an iterator', new Map().keys(), /a running iterator/],
  ['a boxed string', new String('x'), /a boxed primitive/],
  ['a whole module', await wholeModule(), /a whole module/],
  ['shared memory', new SharedArrayBuffer(8), /a SharedArrayBuffer/],
  ['a view of shared memory', new Uint8Array(new SharedArrayBuffer(8)), /a SharedArrayBuffer/],
  ['a resizable buffer', new ArrayBuffer(8, { maxByteLength: 16 }), /a resizable ArrayBuffer/],
  ['a detached buffer', detachedBuffer(), /a detached ArrayBuffer/],
  [
    'a getter',
    {
      get a() {
        return 1;
      },
    },
    /a getter or setter/,
  ],
  ['a setter', { set a(_value: number) {} }, /a getter or setter/],
  ['a property named by a symbol', { [Symbol.for('x')]: 1 }, /a property named by a symbol/],
  ['a hidden property', Object.defineProperty({}, 'a', { value: 1 }), /a property hidden/],
  ['a match with its groups', 'x'.match(/x/), /the extra property "groups"/],
  ['an array with a symbol', Object.assign([1], { [Symbol('s')]: 1 }), /the extra property Symbol\(s\)/],
  [
    'a long array with an extra property',
    Object.assign(new Array(100).fill(0), { a: 1 }),
    /the extra property "a"/,
  ],
  [
    'an array with a hole and an extra property',
    Object.assign([1], { 2: 3, a: 1 }),
    /the extra property "a"/,
  ],
  ['a Date with an extra property', Object.assign(new Date(), { a: 1 }), /the extra property "a"/],
  ['a view with an extra property', Object.assign(new Uint8Array(2), { a: 1 }), /beside its items/],
  ['a long view with an extra property', Object.assign(new Float64Array(200), { a: 1 }), /beside its items/],
  ['a RegExp with a broken lastIndex', Object.assign(/a/, { lastIndex: -1 }), /lastIndex/],
];

describe('a value that cannot travel', () => {
  it.each(refused)('is refused: %s', (_title, value, message) => {
    const refusal = expect.objectContaining({
      code: 'VALUE_NOT_ENCODABLE',
      message: expect.stringMatching(message),
    });
    expect(() => encodeValue(value)).toThrow(refusal);
    expect(() => encodeValue([{ deep: new Map([['k', value]]) }])).toThrow(refusal);
  });

  it('is named by the way to it', () => {
    const options = { socket: new Socket() };
    expect(() => encodeValue({ options }, { trail: 'fraction → argument 1' })).toThrow(
      /^fraction → argument 1 → options\.socket: a live Socket cannot travel to a worker\. /,
    );
    expect(() => encodeValue([0, { options }], { trail: 'fraction', items: 'argument' })).toThrow(
      /^fraction → argument 2 → options\.socket: /,
    );
    expect(() => encodeValue(options.socket, { trail: 'fraction' })).toThrow(/^fraction: /);
    expect(() => encodeValue(options.socket)).toThrow(/^the value: /);
  });

  it('is named inside of Maps, Sets, errors and odd keys too', () => {
    const value = { 'a b': [new Map([['k', new Set([1, new Error('x', { cause: () => 1 })])]])] };
    expect(() => encodeValue(value)).toThrow(/^\["a b"\]\[0\]\.get\("k"\)\.item\(1\)\.cause: /);
    expect(() => encodeValue(new Map([[Symbol('s'), 1]]))).toThrow(/^key\(Symbol\(s\)\): /);
  });

  it('is refused when it is a file stream', async () => {
    const stream = createReadStream(import.meta.filename);
    expect(() => encodeValue([stream])).toThrow(/^\[0\]: a live ReadStream/);
    stream.destroy();
  });
});

function revokedProxy(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

function detachedBuffer(): ArrayBuffer {
  const buffer = new ArrayBuffer(8);
  buffer.transfer();
  return buffer;
}

// The test runner puts a Proxy in place of what is imported in its own way.
function wholeModule(): Promise<unknown> {
  const importModuleDynamically = constants.USE_MAIN_CONTEXT_DEFAULT_LOADER;
  return runInThisContext("import('node:path')", { importModuleDynamically });
}
