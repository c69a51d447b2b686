import { EventEmitter } from 'node:events';
import { inherits } from 'node:util';
import { describe, expect, it } from 'vitest';
import { capture, programOf, roundTrip } from './hooks.ts';

interface Spoken {
  speak(): string;
  bark(): string;
}
type Maker = new () => Spoken;

function Animal(): void {}
Animal.prototype.speak = () => 'hi';

function Dog(): void {}
Dog.prototype = Object.create(Animal.prototype);
Dog.prototype.bark = () => 'wuf';

function Cat(): void {}
inherits(Cat, Animal);

function Bell(): void {}
Object.setPrototypeOf(Bell.prototype, EventEmitter.prototype);

const base = (): string => 'base';
base.tool = (): string => 'tool';
const derived = (): string => 'derived';
Object.setPrototypeOf(derived, base);

describe('what inherits by other means than its text', () => {
  it('finds methods and its constructor in a task as it does here', async () => {
    const fn = () => {
      const dog = new (Dog as unknown as Maker)();
      const cat = new (Cat as unknown as Maker)();
      const bell = new (Bell as unknown as new () => EventEmitter)();
      return [
        dog.speak() + dog.bark(),
        dog instanceof Animal,
        dog.constructor === Animal,
        cat.speak(),
        cat.constructor === Cat,
        bell.listenerCount('x'),
        (derived as unknown as typeof base).tool(),
      ];
    };
    expect(fn()).toEqual(['hiwuf', true, true, 'hi', true, 0, 'tool']);
    expect(await roundTrip(fn)).toEqual(fn());
  });

  it('counts for identity', () => {
    const make = (parent: object) => {
      function Made(): void {}
      Object.setPrototypeOf(Made.prototype, parent);
      return programOf(() => new (Made as unknown as Maker)()).identity;
    };
    expect(make(Animal.prototype)).not.toBe(make(EventEmitter.prototype));
    expect(make(Animal.prototype)).toBe(make(Animal.prototype));
  });

  it('is refused where that is an object of no function', () => {
    function Odd(): void {}
    Object.setPrototypeOf(Odd.prototype, { odd: () => 1 });
    const captured = capture(() => new (Odd as unknown as Maker)());
    expect(() => captured.program()).toThrow(/^task → Odd → prototype: it inherits from an object.*class/);
  });

  it('leaves generators and classes that extend null alone', async () => {
    function* two() {
      yield 1;
      yield 2;
    }
    async function* three() {
      yield 3;
    }
    class Bare extends null {
      static one(): number {
        return 1;
      }
    }
    const fn = async () => [...two(), (await three().next()).value, Bare.one()];
    expect(await roundTrip(fn)).toEqual([1, 2, 3, 1]);
  });
});

describe('properties with symbols for keys that were added later', () => {
  const LIMIT: unique symbol = Symbol.for('limit');
  class Pages {
    static [LIMIT] = 7;
  }
  Object.assign(Pages.prototype, {
    *[Symbol.iterator]() {
      yield 1;
    },
    '@@plain': 2,
  });

  it('travel', async () => {
    const fn = () => {
      const pages = new Pages() as unknown as Iterable<number> & { readonly '@@plain': number };
      return [...pages, Pages[LIMIT], pages['@@plain']];
    };
    expect(await roundTrip(fn)).toEqual([1, 7, 2]);
  });

  it('are refused where the symbol is known here only', () => {
    class Marked {}
    Object.assign(Marked, { [Symbol('mark')]: 1 });
    expect(() => capture(() => new Marked()).program()).toThrow(
      /Marked → Symbol\(mark\): a symbol that only this process has/,
    );
  });

  it('are told when they are added after the call', () => {
    class Late {}
    const captured = capture(() => new Late());
    captured.program();
    Object.assign(Late, { [Symbol.for('late')]: 1 });
    expect(() => captured.verifyUnchanged()).toThrow(/Symbol\(late\)"?\]? nothing → 1/);
  });
});
