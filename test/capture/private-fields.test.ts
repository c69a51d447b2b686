import { describe, expect, it } from 'vitest';
import { capture, load, programOf, roundTrip } from './hooks.ts';

class Counter {
  static #count = 0;
  static #seen = new Map<string, number>();
  static #last: string | undefined;
  static #double = (n: number): number => n * 2;
  static #refs = new WeakSet<object>();
  static {
    Counter.#count = 10;
  }
  static add(name: string): number {
    Counter.#last = name;
    Counter.#seen.set(name, Counter.#double(++Counter.#count));
    return Counter.#count;
  }
  static state(): unknown {
    return [Counter.#count, [...Counter.#seen], Counter.#last, Counter.#refs.has(Counter)];
  }
}

describe('private static fields', () => {
  it('hold in a task what they hold at the call', async () => {
    Counter.add('a');
    const fn = () => [Counter.state(), Counter.add('b'), Counter.state()];
    expect(await roundTrip(fn)).toEqual([
      [11, [['a', 22]], 'a', false],
      12,
      [
        12,
        [
          ['a', 22],
          ['b', 24],
        ],
        'b',
        false,
      ],
    ]);
    expect(Counter.state()).toEqual([11, [['a', 22]], 'a', false]);
  });

  it('are read again at every call, and count for identity', async () => {
    class Level {
      static #n = 1;
      static set(n: number): void {
        Level.#n = n;
      }
      static get(): number {
        return Level.#n;
      }
    }
    const captured = capture(() => Level.get());
    const first = captured.program();
    expect(captured.program()).toBe(first);
    Level.set(2);
    const second = captured.program();
    expect(second.identity).not.toBe(first.identity);
    expect([(await load(first)).instantiate()(), (await load(second)).instantiate()()]).toEqual([1, 2]);
  });

  it('start anew in each task', async () => {
    const loaded = await load(programOf(() => Counter.add('x')));
    expect(loaded.instantiate()()).toBe(loaded.instantiate()());
  });

  it('are refused, with the way, where they hold what cannot travel', () => {
    class Holder {
      static #promise = Promise.resolve(1);
      static get(): unknown {
        return Holder.#promise;
      }
    }
    expect(() => capture(() => Holder.get()).program()).toThrow(/task → Holder\.#promise: /);
  });

  it('are told when their inside changes between the call and the insert', () => {
    class Table {
      static #rows = [1];
      static add(): number {
        return Table.#rows.push(2);
      }
    }
    const captured = capture(() => Table.add());
    captured.program();
    Table.add();
    expect(() => captured.verifyUnchanged()).toThrow(/Table\.#rows\[1\] nothing → 2/);
  });
});
