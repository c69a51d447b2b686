import { expect, it } from 'vitest';
import { programOf, roundTrip } from './hooks.ts';

class Aliased {
  static of(x: number) {
    return x + 1;
  }
  static from = Aliased.of;
  static readonly label = 'grid';
  *cells() {
    yield 1;
  }
}
Object.assign(Aliased.prototype, { [Symbol.iterator]: Aliased.prototype.cells });

class Named {
  static name = 'grid';
  static n = 1;
}

it('gives a class the members that it has under other names of its own, and fields named like those of functions', async () => {
  const fn = () => [
    Aliased.from(1),
    [...(new Aliased() as unknown as Iterable<number>)],
    Named.name + Named.n,
  ];
  expect(await roundTrip(fn)).toEqual([2, [1], 'grid1']);
});

function counter() {
  class Counter {
    fast() {
      return 1;
    }
    slow() {
      return 2;
    }
  }
  return Counter;
}

it('counts a member that is another member of the class now', () => {
  const [Plain, Changed] = [counter(), counter()];
  Changed.prototype.fast = Changed.prototype.slow;
  const identity = (Class: typeof Plain) => programOf(() => new Class().fast()).identity;
  expect(identity(Plain)).toBe(identity(counter()));
  expect(identity(Changed)).not.toBe(identity(Plain));
});

it('refuses a class from which a member was deleted', () => {
  const Less = counter();
  Reflect.deleteProperty(Less.prototype, 'slow');
  expect(() => programOf(() => new Less().fast())).toThrow(
    /task → Less → slow: a member that .* was deleted/,
  );
});
