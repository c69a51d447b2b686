import { describe, expect, it } from 'vitest';
import { capture, load, roundTrip } from './hooks.ts';

describe('a program', () => {
  it('is the same object while nothing can have changed', () => {
    const limit = 3;
    const captured = capture((x: number) => x > limit);
    expect(captured.program()).toBe(captured.program());
  });

  it('holds variables as they are at each call', async () => {
    let n = 1;
    const captured = capture(() => n);
    const first = captured.program();
    expect(captured.program()).toBe(first);
    n = 2;
    const second = captured.program();
    expect(second.identity).not.toBe(first.identity);
    expect([(await load(first)).instantiate()(), (await load(second)).instantiate()()]).toEqual([1, 2]);
    n = 1;
    expect(captured.program().identity).toBe(first.identity);
  });

  it('holds a variable that a helper reads as it is at each call', () => {
    let n = 1;
    const helper = () => n;
    const captured = capture(() => helper());
    const first = captured.program();
    n = 5;
    expect(captured.program().identity).not.toBe(first.identity);
  });

  it('holds objects as they were when they were first met', () => {
    const list = [1];
    let n = 1;
    const captured = capture(() => list.concat(n));
    captured.program();
    list.push(2);
    n = 2;
    expect(captured.program().text).not.toContain('[1,2]');
  });
});

describe('a program made again because a variable changed', () => {
  it('holds the same data, shared and with its functions, as the first one', async () => {
    let n = 1;
    const inner = { k: 1 };
    const data = { inner, list: [inner], scale: (x: number) => x * n };
    const fn = () => {
      inner.k += n;
      return [data.inner.k, data.list[0]?.k, data.scale(10), Object.keys(data).length];
    };
    const captured = capture(fn);
    const first = captured.program();
    n = 2;
    const second = captured.program();
    n = 1;
    expect(captured.program().identity).toBe(first.identity);
    expect((await load(first)).instantiate()()).toEqual([2, 2, 10, 3]);
    expect((await load(second)).instantiate()()).toEqual([3, 3, 20, 3]);
    captured.verifyUnchanged();
    data.inner.k = 5;
    expect(() => captured.verifyUnchanged()).toThrow(/k 1 → 5/);
  });
});

describe('verifyUnchanged', () => {
  it('passes when data is what it was', () => {
    const params = { n: 1, list: [1] };
    const captured = capture(() => [params.n, params.list.map(String)]);
    captured.verifyUnchanged();
    captured.program();
    captured.verifyUnchanged();
  });

  it('tells which member changed, from what to what', () => {
    const params = { n: 10, other: 1 };
    const captured = capture(() => params.n);
    captured.program();
    params.other = 2;
    captured.verifyUnchanged();
    params.n = 20;
    expect(() => captured.verifyUnchanged()).toThrow(/^task → params\.n 10 → 20: .*pass it as an argument/);
  });

  it('tells what changed deep inside data, also of helpers', () => {
    const table = { rows: [{ id: 1 }, { id: 2 }] };
    const helper = () => table;
    const captured = capture(() => helper());
    captured.program();
    (table.rows[1] as { id: number }).id = 7;
    expect(() => captured.verifyUnchanged()).toThrow(/task → helper → table\.rows\[1\]\.id 2 → 7/);
  });

  it('does not mind a variable that got another value', () => {
    let row = { id: 1 };
    const captured = capture(() => row.id);
    captured.program();
    row = { id: 2 };
    captured.program();
    captured.verifyUnchanged();
  });
});

describe('what changes after the first call', () => {
  const changes = (): readonly (readonly [
    what: string,
    fn: () => unknown,
    change: () => void,
    told: RegExp,
  ])[] => {
    class Config {
      static x = 1;
      static list = [1];
      static twice(): number {
        return 1;
      }
      g(): number {
        return 1;
      }
      get h(): number {
        return 1;
      }
    }
    class Child extends Config {}
    const tool = { scale: (v: number) => v, inner: { f: (v: number) => v } };
    const whole: Record<string, () => number> = { f: () => 1 };
    const inMap = new Map<string, () => number>([['f', () => 1]]);
    const h: { (): number; v?: number } = () => h.v ?? 0;
    const large = new Float64Array(20_000);
    const anyKey = String('f');
    return [
      [
        'a class static',
        () => Config.x,
        () => {
          Config.x = 2;
        },
        /^task → Config\.x 1 → 2: /,
      ],
      [
        'data in a class static',
        () => Config.list,
        () => Config.list.push(2),
        /Config → list\[1\] nothing → 2/,
      ],
      [
        'a static method',
        () => Config.twice(),
        () => {
          Config.twice = () => 2;
        },
        /Config\.twice the function/,
      ],
      [
        'a method',
        () => new Config().g(),
        () => {
          Config.prototype.g = () => 2;
        },
        /Config\.prototype\.g /,
      ],
      [
        'a method of a class above',
        () => new Child().g(),
        () => {
          Config.prototype.g = () => 2;
        },
        /Child → Config\.prototype\.g /,
      ],
      [
        'a getter',
        () => new Config().h,
        () => Object.defineProperty(Config.prototype, 'h', { get: () => 2 }),
        /Config\.prototype\.h /,
      ],
      [
        'a method of an object',
        () => tool.scale(1),
        () => {
          tool.scale = () => 2;
        },
        /task → tool.* function/,
      ],
      [
        'an object with a method',
        () => tool.inner.f(1),
        () => {
          tool.inner = { f: () => 2 };
        },
        /task → tool\.inner/,
      ],
      [
        'a function in data',
        () => whole[anyKey]?.(),
        () => {
          whole.f = () => 2;
        },
        /task → whole/,
      ],
      ['a function in a Map', () => inMap.get(anyKey)?.(), () => inMap.set('f', () => 2), /task → inMap/],
      [
        'a property of a function',
        () => h(),
        () => {
          h.v = 9;
        },
        /task → h\.v nothing → 9/,
      ],
      ['bytes of a large array', () => large.at(-1), () => large.fill(1), /task → large/],
    ];
  };

  it.each(changes())('is refused before the insert: %s', (_, fn, change, told) => {
    const captured = capture(fn);
    captured.program();
    captured.verifyUnchanged();
    change();
    expect(() => captured.verifyUnchanged()).toThrow(told);
    expect(() => captured.verifyUnchanged()).toThrow(expect.objectContaining({ code: 'CAPTURE_CHANGED' }));
  });

  it('is refused at the next call, though it may be as before at the insert', () => {
    class Config {
      static x = 1;
    }
    const tool = { scale: (v: number) => v };
    const { scale } = tool;
    const captured = capture(() => tool.scale(Config.x));
    const first = captured.program();
    Config.x = 2;
    expect(() => captured.program()).toThrow(/Config\.x 1 → 2/);
    Config.x = 1;
    tool.scale = () => 1;
    expect(() => captured.program()).toThrow(/tool\.scale/);
    tool.scale = scale;
    expect(captured.program()).toBe(first);
    captured.verifyUnchanged();
  });

  it('may be an object that is put in the place of an equal one', () => {
    const params = { inner: { n: 1 } };
    const captured = capture(() => params.inner.n);
    const first = captured.program();
    params.inner = { n: 1 };
    expect(captured.program()).toBe(first);
    params.inner.n = 2;
    expect(() => captured.program()).toThrow(/params\.inner\.n 1 → 2/);
  });

  it.each([
    [
      'a Map',
      new Map([['k', { n: 1 }]]),
      (map: Map<string, { n: number }>) => map.set('k', { n: 2 }),
      '.get("k").n 1 → 2',
    ],
    [
      'a Map with a new key',
      new Map(),
      (map: Map<string, number>) => map.set('k', 2),
      '.get("k") nothing → 2',
    ],
    ['a Set', new Set([1]), (set: Set<number>) => set.add(2), ' nothing → 2'],
    [
      'a Date',
      new Date(0),
      (date: Date) => date.setTime(1),
      ' "1970-01-01T00:00:00.000Z" → "1970-01-01T00:00:00.001Z"',
    ],
  ] as const)('is named without the form in which it travels: %s', (_, o, change, told) => {
    const captured = capture(() => String(o));
    captured.program();
    change(o as never);
    expect(() => captured.verifyUnchanged()).toThrow(`task → o${told}: `);
  });
});

describe('a rebuilt function', () => {
  it('has its own data each time it is made', async () => {
    const list: number[] = [];
    const loaded = await load(capture((n: number) => list.push(n)).program());
    expect(loaded.isShared).toBe(false);
    expect([loaded.instantiate()(1), loaded.instantiate()(1)]).toEqual([1, 1]);
    expect(list).toEqual([]);
  });

  it('is made once when it holds nothing that can change', async () => {
    const limit = 3;
    const loaded = await load(capture((n: number) => n > limit).program());
    expect(loaded.isShared).toBe(true);
    expect(loaded.instantiate()).toBe(loaded.instantiate());
  });

  it('gets large arrays through blobs', async () => {
    const large = Float64Array.from({ length: 20_000 }, (_, index) => index);
    const program = capture(() => large.at(-1)).program();
    expect(program.blobs).toHaveLength(1);
    expect(program.text.length).toBeLessThan(5_000);
    expect((await load(program)).instantiate()()).toBe(19_999);
  });

  it('keeps a class and its instances apart from the original', async () => {
    class Counter {
      static made = 1;
      value = ++Counter.made;
    }
    expect(await roundTrip(() => new Counter().value + Counter.made)).toBe(4);
    expect(Counter.made).toBe(1);
  });
});
