import { describe, expect, it } from 'vitest';
import { programOf, roundTrip } from './hooks.ts';

describe('two names stand for one thing in a task as well:', () => {
  it('a buffer and a view of it', async () => {
    const buffer = new ArrayBuffer(8);
    const view = new Uint8Array(buffer);
    const fn = () => {
      view[0] = 9;
      return new Uint8Array(buffer)[0];
    };
    expect(await roundTrip(fn)).toBe(9);
  });

  it('two views of one buffer', async () => {
    const bytes = new Uint8Array(16);
    const words = new Uint16Array(bytes.buffer);
    const fn = () => {
      bytes[0] = 9;
      return words[0];
    };
    expect(await roundTrip(fn)).toBe(9);
  });

  it('an object inside an error', async () => {
    const cause = { n: 1 };
    const detail = { n: 1 };
    const error = Object.assign(new Error('x', { cause }), { detail });
    const fn = () => {
      cause.n = 2;
      detail.n = 3;
      return [(error.cause as typeof cause).n, error.detail.n];
    };
    expect(await roundTrip(fn)).toEqual([2, 3]);
  });

  it('an error among those of another', async () => {
    const inner = Object.assign(new Error('inner'), { n: 1 });
    const outer = new AggregateError([inner]);
    const fn = () => {
      inner.n = 2;
      return outer.errors[0].n;
    };
    expect(await roundTrip(fn)).toBe(2);
  });
});

it('small Buffers that Node put into one memory stay apart', () => {
  const one = Buffer.from('one');
  const two = Buffer.from('two');
  expect(one.buffer).toBe(two.buffer);
  expect(programOf(() => [one, two]).captures).toHaveLength(2);
});
