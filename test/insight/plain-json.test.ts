import { describe, expect, it } from 'vitest';
import { plainJson, showsMoreThan } from '../../src/insight/index.ts';

describe('plainJson', () => {
  it.each([
    [{ a: [1, 'x', true, null] }, { a: [1, 'x', true, null] }],
    [
      [undefined, Number.NaN, Infinity],
      [null, null, null],
    ],
    [12n, '12'],
    [new Date(0), '1970-01-01T00:00:00.000Z'],
    [new Date(Number.NaN), null],
    [new Map([['a', 1n]]), { a: '1' }],
    [new Map([[1, 'a']]), [[1, 'a']]],
    [new Set([1, 2]), [1, 2]],
    [Float64Array.of(1, Number.NaN), [1, null]],
    [BigInt64Array.of(3n), ['3']],
    [Buffer.from('hi'), 'aGk='],
    [new URL('http://a/'), 'http://a/'],
    [/a/g, '/a/g'],
    [(x: number) => x, '(x) => x'],
    [new RangeError('no'), { name: 'RangeError', message: 'no' }],
  ])('makes %o into what JSON can hold', (value, plain) => {
    expect(plainJson(value)).toEqual(plain);
    expect(JSON.parse(JSON.stringify(plainJson(value)))).toEqual(plain);
  });

  it('ends at an object inside itself, and shows a shared one twice', () => {
    const inner: { self?: unknown } = {};
    inner.self = inner;
    const shared = { a: 1 };
    expect(plainJson([inner, shared, shared])).toEqual([{ self: null }, { a: 1 }, { a: 1 }]);
  });

  it('refuses what would be without end: a few objects that name each other twice', () => {
    let value: unknown = 1;
    for (let level = 0; level < 40; level++) value = [value, value];
    expect(() => plainJson(value)).toThrow(expect.objectContaining({ code: 'VALUE_NOT_ENCODABLE' }));
    expect(showsMoreThan(value, 1_000_000)).toBe(true);
    expect(() => plainJson([new Array(4_000_000_000)])).toThrow(
      expect.objectContaining({ code: 'VALUE_NOT_ENCODABLE' }),
    );
    const circle: unknown[] = [new Map([['a', new Set([{}])]])];
    circle.push(circle);
    expect([showsMoreThan(circle, 4), showsMoreThan(circle, 3)]).toEqual([false, true]);
  });
});
