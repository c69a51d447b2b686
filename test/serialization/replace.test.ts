import { describe, expect, it } from 'vitest';
import { decodeValue, encodeValue, type Replacement } from '../../src/serialization/index.ts';

class Handle {
  readonly id: number;
  constructor(id: number) {
    this.id = id;
  }
}

function replace(value: object): Replacement | undefined {
  if (value instanceof Handle) return { tag: 'handle', body: { task: value.id, $: 'raw' } };
  return typeof value === 'function' ? { tag: 'code', body: value.toString() } : undefined;
}

describe('a value that the layer above replaces', () => {
  it('is written with its tag and body, and revived from them', () => {
    const { text, key } = encodeValue([new Handle(7), { call: () => 1 }], { replace });
    expect(text).toBe('[{"$":"@handle","v":{"task":7,"$":"raw"}},{"call":{"$":"@code","v":"() => 1"}}]');
    expect(key).toContain('{"$":"raw","task":7}');
    const back = decodeValue(text, { revive: (tag, body) => `${tag} ${JSON.stringify(body)}` });
    expect(back).toEqual(['handle {"task":7,"$":"raw"}', { call: 'code "() => 1"' }]);
  });

  it('is asked for once, with the way to it, and never for plain data', () => {
    const asked: string[] = [];
    const handle = new Handle(1);
    encodeValue([[], {}, handle, { b: [handle], a: Object.create(null) }], {
      trail: 'f',
      items: 'argument',
      replace: (value, trail) => {
        asked.push(trail);
        return replace(value);
      },
    });
    expect(asked).toEqual(['f → argument 3']);
  });

  it('may be told before, without the way to it, and is then not asked for again', () => {
    const asked: unknown[] = [];
    const known = new Handle(1);
    const other = new Handle(2);
    const { text } = encodeValue([known, other, known], {
      refer: (value) => (value === known ? { tag: 'known', body: 0 } : undefined),
      replace: (value) => {
        asked.push(value);
        return replace(value);
      },
    });
    expect(asked).toEqual([other]);
    expect(text).toBe('[{"$":"@known","v":0},{"$":"@handle","v":{"task":2,"$":"raw"}},{"$":"Ref","v":1}]');
  });

  it('stays one when it stands in two places, also when it revives to nothing', () => {
    const handle = new Handle(1);
    const { text } = encodeValue([handle, handle, [handle]], { replace });
    let made = 0;
    const [first, second, [third]] = decodeValue(text, { revive: () => ({ made: ++made }) }) as [
      object,
      object,
      [object],
    ];
    expect([second, third]).toEqual([first, first]);
    expect(second).toBe(first);
    expect(decodeValue(text, { revive: () => undefined })).toEqual([undefined, undefined, [undefined]]);
  });

  it('becomes one with another that gets the very same replacement', () => {
    const one: Replacement = { tag: 'handle', body: 1 };
    const encoded = (values: readonly Handle[]) => encodeValue(values, { replace: () => one }).key;
    const handle = new Handle(1);
    expect(encoded([handle, handle])).toBe(encoded([new Handle(1), new Handle(1)]));
  });

  it('may be of any class, a Proxy or a built-in one', () => {
    const any = (): Replacement => ({ tag: 'any', body: null });
    for (const value of [new Proxy({}, {}), new Map(), Promise.resolve(), new Date(), new Error('x')]) {
      expect(encodeValue(value, { replace: any }).text).toBe('{"$":"@any","v":null}');
    }
  });

  it('is refused where nothing revives it', () => {
    const { text } = encodeValue(new Handle(1), { replace });
    expect(() => decodeValue(text)).toThrow(expect.objectContaining({ code: 'VALUE_CLASS_UNKNOWN' }));
  });
});
