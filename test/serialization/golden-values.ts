/** The values of `golden/v1.json` by name. What is stored there is never changed: it lies in queues of users. */
export function goldenValues(): Readonly<Record<string, unknown>> {
  const shared = { id: 1 };
  const ring: Record<string, unknown> = { name: 'ring' };
  ring.self = ring;
  const memory = new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]);
  return {
    plain: [1, 'two', { b: true, a: null, list: [0.5, 1e21, -1] }],
    strings: ['', 'ä "quoted" \n', 'lone \ud800', '\u2028'],
    scalars: [undefined, Number.NaN, Infinity, -Infinity, -0, -12345678901234567890n, Symbol.for('tspipe')],
    'undefined as a property': { a: undefined },
    holes: Object.assign([1], { 3: undefined, length: 5 }),
    dates: [new Date('2026-01-31T12:00:00.5Z'), new Date(Number.NaN), new Date(-8.64e15)],
    'map and set': new Map<unknown, unknown>([
      ['k', new Set([1, 'x'])],
      [{ a: 1 }, null],
    ]),
    url: new URL('https://example.org/a%20b?q#f'),
    regexp: Object.assign(/a\/(?<x>b)/giu, { lastIndex: 2 }),
    bytes: [
      ...[
        new Int8Array([-1]),
        new Uint8Array([255]),
        new Uint8ClampedArray([7]),
        new Int16Array([-2]),
        new Uint16Array([2]),
      ],
      ...[
        new Int32Array([-3]),
        new Uint32Array([3]),
        new Float32Array([0.5]),
        new Float64Array([-0, Number.NaN, 0.1]),
      ],
      ...[
        new BigInt64Array([-1n]),
        new BigUint64Array([1n]),
        new DataView(new ArrayBuffer(2)),
        new ArrayBuffer(3),
        Buffer.from('hi'),
      ],
    ],
    'large bytes': [new Float64Array(8_192).fill(0.25), Buffer.alloc(65_536, 7)],
    'shared bytes': {
      buffer: memory.buffer,
      part: memory.subarray(2, 4),
      other: new Uint16Array(memory.buffer),
    },
    'overlapping bytes': [memory.subarray(1, 4), memory.subarray(2, 3)],
    errors: [
      withStack(new TypeError('bad', { cause: withStack(new Error('why')) })),
      withStack(new AggregateError([withStack(new RangeError('one')), 2], 'all')),
      Object.assign(withStack(new Error('ENOENT: no such file')), {
        errno: -2,
        code: 'ENOENT',
        path: 'a.txt',
      }),
      withStack(new DOMException('stopped', 'AbortError')),
    ],
    'null prototype': Object.assign(Object.create(null), { z: 1, a: Object.create(null) }),
    'special keys': JSON.parse('{"$":"Map","v":1,"__proto__":{"x":1},"constructor":null,"10":0,"9":0}'),
    shared: { b: shared, a: [shared, shared] },
    ring,
  };
}

function withStack<T extends Error>(error: T): T {
  const value = `${error.name}: ${error.message}\n    at work (/home/me/script.ts:1:1)`;
  return Object.defineProperty(error, 'stack', {
    value,
    writable: true,
    configurable: true,
    enumerable: false,
  });
}
