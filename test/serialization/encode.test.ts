import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { decodeValue, encodeValue } from '../../src/serialization/index.ts';
import { roundTrip } from './round-trip.ts';
import { sameValue } from './same-value.ts';

const exact: readonly unknown[] = [
  undefined,
  null,
  Number.NaN,
  Infinity,
  -Infinity,
  -0,
  2n ** 80n,
  Symbol.for('known'),
  'lone \ud800 surrogate \udfff',
  '',
  [undefined],
  { a: undefined },
  [],
  new Array(3),
  Object.assign([1], { 2: 3, length: 4 }),
  new Array(2 ** 32 - 1),
  new Date(0),
  new Date(Number.NaN),
  new Date(-8.64e15),
  new Map<unknown, unknown>([
    ['k', new Map()],
    [{ a: 1 }, Number.NaN],
  ]),
  new Set([new Set([1]), 'x', undefined]),
  new URL('https://user@host:81/path?query#part'),
  /a\/b\n/giu,
  Object.create(null),
  JSON.parse('{"__proto__":{"polluted":true},"constructor":1,"toString":2,"$":"Map","v":[]}'),
  { $: 'Ref', v: 0 },
  JSON.parse('{"toJSON":1,"then":2,"length":3}'),
  { 10: 'ten', 9: 'nine', b: 1, a: 2 },
];

describe('encodeValue', () => {
  it.each(exact.map((value, index) => ({ index, value })))('keeps exact value $index', ({ value }) => {
    for (const whole of [value, [value], { inside: value }, new Map([['inside', value]])]) {
      expect(sameValue(roundTrip(whole), whole)).toBe(true);
    }
  });

  it('gives different values different keys', () => {
    const close: readonly unknown[] = [
      ...exact,
      ...[
        0,
        '0',
        1,
        '1',
        1n,
        true,
        'true',
        'null',
        'undefined',
        'NaN',
        {},
        { a: null },
        [null],
        [[]],
        [undefined, undefined],
      ],
      ...[
        new Map(),
        new Set(),
        new Array(1),
        new Array(2),
        { 0: 1 },
        [1],
        new Set([1]),
        new Map([[1, 1]]),
        new Map([[1, '1']]),
      ],
      ...[
        new Uint8Array(8),
        new Int8Array(8),
        new Float64Array(1),
        new ArrayBuffer(8),
        Buffer.alloc(8),
        new DataView(new ArrayBuffer(8)),
      ],
      ...[
        '1970-01-01T00:00:00.000Z',
        'known',
        Symbol.for('other'),
        /a/,
        /a/g,
        new Error('a'),
        new TypeError('a'),
      ],
    ];
    const keys = close.map((value) => encodeValue(value).key);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('writes plain JSON as it is, the same string being the key', () => {
    const { text, key, blobs } = encodeValue([1, 'two', { a: [true, null], b: 0.5 }]);
    expect(text).toBe('[1,"two",{"a":[true,null],"b":0.5}]');
    expect(key).toBe(text);
    expect(blobs).toEqual([]);
  });

  it('keeps the order of keys in the text and sorts them in the key', () => {
    const { text, key } = encodeValue({ b: [{ d: 1, c: undefined }], a: 2 });
    expect(text).toBe('{"b":[{"d":1,"c":{"$":"undefined"}}],"a":2}');
    expect(key).toBe('{"a":2,"b":[{"c":{"$":"undefined"},"d":1}]}');
  });

  it('counts the order of a Map and of a Set as part of the value', () => {
    expect(encodeValue(new Set([1, 2])).key).not.toBe(encodeValue(new Set([2, 1])).key);
  });

  it('keeps circles and what stands in two places', () => {
    const shared = { of: 'both' };
    const ring: Record<string, unknown> = { shared, list: [shared] };
    ring.self = new Map([['ring', new Set([ring])]]);
    expect(sameValue(roundTrip(ring), ring)).toBe(true);
    expect(encodeValue([shared, shared]).key).not.toBe(encodeValue([shared, { ...shared }]).key);
  });

  it('gives a shared object the same key whichever name comes first', () => {
    const shared = { x: [1] };
    expect(encodeValue({ a: shared, b: shared }).key).toBe(encodeValue({ b: shared, a: shared }).key);
  });

  it('keeps lastIndex of a RegExp', () => {
    const pattern = /a/g;
    pattern.lastIndex = 3;
    expect(roundTrip(pattern)).toHaveProperty('lastIndex', 3);
  });

  it('does not run getters, toJSON or any other code of a value', () => {
    const trap = {
      get value(): never {
        throw new Error('ran');
      },
    };
    expect(() => encodeValue([trap])).toThrow(/\[0\]\.value: a getter/);
    expect(() => encodeValue({ toJSON: () => 'ran' })).toThrow(/toJSON: the function toJSON cannot travel/);
  });

  it('takes values made in another context, and gives back ones of this context', () => {
    const foreign: unknown = runInNewContext(
      '({ a: [1, new Map([[1, new Date(5)]])], e: new TypeError("x") })',
    );
    const back = roundTrip(foreign);
    expect(back).toMatchObject({ a: [1, new Map([[1, new Date(5)]])] });
    expect(Reflect.get(Object(back), 'e')).toBeInstanceOf(TypeError);
  });

  it('keeps a string of tens of megabytes', () => {
    const text = 'ü"'.repeat(10_000_000);
    expect(roundTrip([text, undefined])).toEqual([text, undefined]);
  });

  it('takes 1,000 levels in both directions and refuses more', () => {
    const plain = nested(1_000, (inner) => [inner]);
    const mixed = nested(1_000, (inner, level) => (level % 2 === 0 ? { a: inner } : new Map([[0, inner]])));
    for (const value of [plain, mixed]) {
      const { text } = encodeValue(value);
      expect(encodeValue(decodeValue(text)).text).toBe(text);
      expect(() => encodeValue([value])).toThrow(expect.objectContaining({ code: 'VALUE_TOO_DEEP' }));
    }
    expect(() =>
      encodeValue(
        nested(200_000, (inner) => [inner]),
        { trail: 'f → argument 1' },
      ),
    ).toThrow(/^f → argument 1 → \[0\]\[0\].* … .*\[0\]: nested deeper than 1000 levels/);
  });
});

function nested(levels: number, wrap: (inner: unknown, level: number) => unknown): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level++) value = wrap(value, level);
  return value;
}
