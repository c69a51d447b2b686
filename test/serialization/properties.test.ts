import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PipeError } from '../../src/errors.ts';
import { decodeValue, encodePlainList, encodeValue } from '../../src/serialization/index.ts';
import { graph, leaf, scalar } from './arbitrary-value.ts';
import { roundTrip } from './round-trip.ts';
import { sameValue } from './same-value.ts';

const RUNS = { numRuns: 500 };

describe('any value', () => {
  it('comes back the same, with its sharing and its order of keys', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          scalar,
          leaf,
          graph.map((make) => make()),
        ),
        (value) => {
          expect(sameValue(roundTrip(value), value)).toBe(true);
        },
      ),
      RUNS,
    );
  });

  it('comes back the same when it is plain JSON of any size', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        expect(sameValue(roundTrip(value), value)).toBe(true);
        expect(sameValue(roundTrip([value, undefined]), [value, undefined])).toBe(true);
      }),
      RUNS,
    );
  });

  it('in a list of plain values and of ones that are referred to is encoded quickly as it is otherwise', () => {
    const handles = [0, 1, 2, 3].map((number) => new Map([['number', number]]));
    const refer = (value: object) => {
      const body = handles.indexOf(value as Map<string, number>);
      return body === -1 ? undefined : { tag: 'handle', body: body === 3 ? [body, 0] : body };
    };
    const item = fc.oneof(scalar, leaf, fc.jsonValue(), fc.constantFrom(...handles));
    let quick = 0;
    fc.assert(
      fc.property(fc.array(item, { maxLength: 4 }), (list) => {
        const quickly = encodePlainList(list, { trail: 'f', refer });
        if (quickly === undefined) return;
        quick++;
        expect(quickly).toEqual(encodeValue(list, { refer }));
      }),
      RUNS,
    );
    expect(quick).toBeGreaterThan(RUNS.numRuns / 10);
    const calls = [[1, 'a', null], [handles[0], { b: 1, a: [2] }, handles[3]], [handles[1]], []];
    for (const list of calls)
      expect(encodePlainList(list, { trail: 'f', refer })).toEqual(encodeValue(list, { refer }));
    expect(encodePlainList([handles[0], handles[0]], { trail: 'f', refer })).toBeUndefined();
  });

  it('has the same key whatever the order of its keys', () => {
    fc.assert(
      fc.property(graph, (make) => {
        expect(encodeValue(make('reversed')).key).toBe(encodeValue(make()).key);
      }),
      RUNS,
    );
  });

  it('has the same key after it came back', () => {
    fc.assert(
      fc.property(graph, (make) => {
        const value = make();
        expect(encodeValue(roundTrip(value))).toEqual(encodeValue(value));
      }),
      RUNS,
    );
  });

  it('has the key of another value only when it is the same value', () => {
    const near = graph.map((make): [unknown, unknown, unknown] => [
      make(),
      make('other scalar'),
      make('other edge'),
    ]);
    const triple = fc.oneof(near, fc.tuple(scalar, scalar, scalar), fc.tuple(leaf, leaf, leaf));
    fc.assert(
      fc.property(triple, ([left, ...others]) => {
        for (const right of others) {
          const isSame = sameValue(left, right, { anyKeyOrder: true });
          expect(encodeValue(left).key === encodeValue(right).key).toBe(isSame);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('any text', () => {
  const tag = fc.constantFrom(
    'Map',
    'Set',
    'Ref',
    'hole',
    'Date',
    'Buffer',
    'Error',
    'null',
    'class X',
    '@f',
    'number',
    'DOMException',
  );
  const node = fc.letrec((tie) => ({
    json: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom<unknown>(null, 0, 1, -1, 'x', 'AAAA', '2020-01-01T00:00:00.000Z'),
      fc.array(tie('json'), { maxLength: 3 }),
      fc.record({ $: tag, v: tie('json') }, { requiredKeys: ['$'] }),
      fc.dictionary(fc.constantFrom('a', '$', 'v', 'buffer', 'own', 'message', '__proto__'), tie('json'), {
        maxKeys: 3,
      }),
    ),
  })).json;

  it('is read or refused with a code, and touches no prototype', () => {
    fc.assert(
      fc.property(node, (json) => {
        try {
          decodeValue(JSON.stringify(json), { revive: (_tag, body) => body });
        } catch (error) {
          expect(error).toBeInstanceOf(PipeError);
        }
        expect(Object.getOwnPropertyNames(Object.prototype)).toHaveLength(12);
      }),
      { numRuns: 2_000 },
    );
  });
});
