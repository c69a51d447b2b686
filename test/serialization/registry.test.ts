import { describe, expect, it } from 'vitest';
import { decodeValue, encodeValue, registerClass } from '../../src/serialization/index.ts';
import { roundTrip } from './round-trip.ts';

class Point {
  readonly #x: number;
  readonly tags: Set<unknown>;

  constructor(x: number, tags: Set<unknown>) {
    this.#x = x;
    this.tags = tags;
  }

  static {
    registerClass(Point, {
      name: 'Point',
      encode: (point) => ({ x: point.#x, tags: point.tags }),
      decode: (data) => {
        const { x, tags } = data as { x: number; tags: Set<unknown> };
        return new Point(x, tags);
      },
    });
  }

  get x(): number {
    return this.#x;
  }
}

class Node {
  parent: Node | undefined;
  readonly children: Node[] = [];
}
registerClass(Node, {
  name: 'Node',
  encode: ({ parent, children }) => ({ parent, children }),
  decode: () => new Node(),
});

describe('an instance of a registered class', () => {
  it('comes back as one, what it shares with others being shared', () => {
    const tags = new Set([-0]);
    const point = new Point(5, tags);
    const back = roundTrip([tags, point, point, { point }]) as [Set<number>, Point, Point, { point: Point }];
    expect(back[1]).toBeInstanceOf(Point);
    expect(back[1].x).toBe(5);
    expect(back[1].tags).toBe(back[0]);
    expect(back[2]).toBe(back[1]);
    expect(back[3].point).toBe(back[1]);
  });

  it('is readable in the text', () => {
    expect(encodeValue(new Point(5, new Set())).text).toBe(
      '{"$":"class Point","v":{"x":5,"tags":{"$":"Set","v":[]}}}',
    );
  });

  it('that holds itself or what holds it is refused', () => {
    const parent = new Node();
    const child = new Node();
    parent.children.push(child);
    expect(roundTrip(parent)).toBeInstanceOf(Node);
    child.parent = parent;
    expect(() => encodeValue(parent, { trail: 'f' })).toThrow(
      /^f → encode\(\)\.children\[0\]\.encode\(\)\.parent: .* holds itself/,
    );
    const holder: { point?: Point } = {};
    holder.point = new Point(1, new Set([holder]));
    expect(() => encodeValue(holder)).toThrow(/holds itself or what holds it/);
  });

  it('of a subclass is refused', () => {
    class Special extends Point {}
    expect(() => encodeValue(new Special(1, new Set()))).toThrow(/an instance of Special/);
  });

  it('whose data cannot travel is refused with the way to it', () => {
    expect(() => encodeValue([new Point(1, new Set([() => 1]))])).toThrow(
      /^\[0\]\.encode\(\)\.tags\.item\(0\): a function/,
    );
  });

  it('of a class that is unknown where it is read is refused', () => {
    expect(() => decodeValue('{"$":"class Elsewhere","v":1}')).toThrow(
      expect.objectContaining({
        code: 'VALUE_CLASS_UNKNOWN',
        message: expect.stringContaining('registerClass for "Elsewhere"'),
      }),
    );
  });

  it('whose encode or decode fails is told with the cause', () => {
    class Broken {}
    const cause = new Error('broken inside');
    const fail = (): never => {
      throw cause;
    };
    registerClass(Broken, { name: 'Broken', encode: fail, decode: fail });
    expect(() => encodeValue(new Broken())).toThrow(
      expect.objectContaining({ code: 'VALUE_NOT_ENCODABLE', cause }),
    );
    expect(() => decodeValue('{"$":"class Broken","v":1}')).toThrow(
      expect.objectContaining({ code: 'VALUE_MALFORMED', cause }),
    );
  });
});

describe('registerClass', () => {
  it('refuses a name that another class has', () => {
    class Other {}
    expect(() => registerClass(Other, { name: 'Point', encode: () => 1, decode: () => new Other() })).toThrow(
      expect.objectContaining({ code: 'OPTION_INVALID' }),
    );
  });

  it('takes the same class again, as from a module that is loaded twice', () => {
    const made = [1, 2].map((version) => {
      class Again {}
      registerClass(Again, { name: 'Again', encode: () => version, decode: () => new Again() });
      return Again;
    });
    const [first = Object, second = Object] = made;
    expect(roundTrip(new first())).toBeInstanceOf(second);
    expect(roundTrip(new second())).toBeInstanceOf(second);
  });
});
