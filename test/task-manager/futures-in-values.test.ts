import { describe, expect, it } from 'vitest';
import { settled } from 'tspipe';
import { makePlace } from '../helpers/place.ts';

const QUIET = { mode: 'no_stream' } as const;

describe('Futures inside values', () => {
  it('arrive as results, wherever the types let them stand', async () => {
    const tm = makePlace().taskManager();
    const same = tm.tsApp({ name: 'same' })((n: number) => n);
    const take = tm.tsApp({ name: 'take' })(
      (
        tuple: [number, ...number[]],
        map: Map<number, number[]>,
        set: ReadonlySet<number>,
        ends: { ok: boolean }[],
      ) => ({ tuple, map, set, ok: ends.map(({ ok }) => ok) }),
    );
    const taken = take(
      [same(1), 2, same(3)] as const,
      new Map([[same(4), [same(5), 6]]]),
      new Set([same(7), 8]),
      settled([same(9)]),
    );
    await tm.spawn(QUIET);
    expect(await taken.result()).toEqual({
      tuple: [1, 2, 3],
      map: new Map([[4, [5, 6]]]),
      set: new Set([7, 8]),
      ok: [true],
    });
  });

  it('are their results where a task returns them', async () => {
    const tm = makePlace().taskManager();
    const one = tm.tsApp({ name: 'one' })((n: number) => n);
    const many = tm.tsApp({ name: 'many' })(async (n: number) => ({
      map: new Map([['n', one(n)]]),
      set: new Set([one(n)]),
      list: [one(n), { deep: one(n + 1) }] as const,
      at: new Date(0),
    }));
    const all = many(1);
    await tm.spawn(QUIET);
    expect(await all.result()).toEqual({
      map: new Map([['n', 1]]),
      set: new Set([1]),
      list: [1, { deep: 2 }],
      at: new Date(0),
    });
  });
});
