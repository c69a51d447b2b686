import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { decodeValue, encodeValue } from '../../src/serialization/index.ts';
import { roundTrip } from './round-trip.ts';
import { sameValue } from './same-value.ts';

const numbers = [
  'Int8Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
  'Float16Array',
  'Float32Array',
  'Float64Array',
];
const known = numbers.filter((name) => name in globalThis);

describe('bytes', () => {
  it.each(known)('come back in a %s', (name) => {
    const maker = Reflect.get(globalThis, name);
    for (const view of [new maker([1, 2, 255]), new maker(0), new maker(new ArrayBuffer(32), 8, 2)]) {
      expect(sameValue(roundTrip(view), view)).toBe(true);
    }
  });

  it('come back in arrays of bigint, a DataView, an ArrayBuffer and a Buffer', () => {
    const { buffer } = new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]);
    for (const value of [
      new BigInt64Array([-1n]),
      new BigUint64Array([2n ** 64n - 1n]),
      new DataView(buffer, 2, 3),
      buffer,
      Buffer.from('ä'),
    ]) {
      expect(sameValue(roundTrip(value), value)).toBe(true);
    }
    expect(roundTrip([Buffer.from('pooled')])).toEqual([Buffer.from('pooled')]);
  });

  it('keep the bits of a NaN', () => {
    const view = new Float64Array(new BigUint64Array([0x7ff8_0000_0000_1234n]).buffer);
    expect(sameValue(roundTrip(view), view)).toBe(true);
  });

  it('of 64 KiB and more stand beside the text, and in the key by their hash', () => {
    const bytes = new Uint8Array(65_536).fill(7);
    const { text, key, blobs } = encodeValue([new Uint8Array(65_535), bytes]);
    expect(blobs).toEqual([bytes]);
    expect(key).toBe(text);
    expect(key).toContain(createHash('sha256').update(bytes).digest('hex'));
    expect(sameValue(decodeValue(text, { blobs }), [new Uint8Array(65_535), bytes])).toBe(true);
    bytes[0] = 8;
    expect(blobs[0]?.[0]).toBe(7);
    expect(encodeValue(bytes).key).not.toBe(encodeValue(new Uint8Array(65_536).fill(7)).key);
  });

  it('beside the text are refused when they are missing or others', () => {
    const { text } = encodeValue(new Float64Array(10_000));
    expect(() => decodeValue(text)).toThrow(/Blob 0 .* is missing/);
    expect(() => decodeValue(text, { blobs: [new Uint8Array(80_000).fill(1)] })).toThrow(/is not the one/);
  });

  it('beside the text are told in the order of the text, whatever the order of keys', () => {
    const value = { b: new Uint8Array(70_000).fill(1), a: Buffer.alloc(70_000, 2) };
    const { key } = encodeValue({ a: value.a, b: value.b });
    expect(encodeValue(value).key).toBe(key);
    expect(sameValue(roundTrip(value), value)).toBe(true);
  });

  it('are memory of their own after decoding', () => {
    const { text, blobs } = encodeValue(Buffer.alloc(70_000));
    const first = decodeValue(text, { blobs }) as Buffer;
    first.fill(1);
    expect(decodeValue(text, { blobs })).toEqual(Buffer.alloc(70_000));
  });

  it('that two views share stay shared', () => {
    const whole = Buffer.from('hello world');
    const part = whole.subarray(6, 8);
    const [back, backPart] = roundTrip([whole, part]) as [Buffer, Buffer];
    expect([back.toString(), backPart.toString()]).toEqual(['hello world', 'wo']);
    backPart[0] = 87;
    expect(back.toString()).toBe('hello World');
  });

  it('of a buffer that is itself part of the value stay its bytes', () => {
    const buffer = new ArrayBuffer(16);
    const value = { list: [new Uint8Array(buffer, 4, 2), new DataView(buffer, 1)], buffer };
    const back = roundTrip(value) as typeof value;
    expect(sameValue(back, value)).toBe(true);
    for (const view of back.list) expect(view.buffer).toBe(back.buffer);
    expect(back.list.map((view) => view.byteOffset)).toEqual([4, 1]);
  });

  it('that lie beside each other in a pool bring nothing of the pool with them', () => {
    const pool = new Uint8Array(64).fill(115);
    const { text, key } = encodeValue([new Uint8Array(pool.buffer, 3, 1), new Uint8Array(pool.buffer, 5, 1)]);
    expect(key).toBe(encodeValue([new Uint8Array([115]), new Uint8Array([115])]).key);
    expect(text).not.toContain('buffer');
    const overlapping = encodeValue([pool.subarray(3, 6), pool.subarray(4, 5)]);
    pool.fill(0, 0, 3);
    expect(encodeValue([pool.subarray(3, 6), pool.subarray(4, 5)]).key).toBe(overlapping.key);
  });
});
