import { describe, expect, expectTypeOf, it } from 'vitest';
import { type App, type Futurable, type Future, Queue, settled, TaskManager } from 'tspipe';
import { makeFolder } from '../helpers/place.ts';

interface Fit {
  readonly chi2: number;
  readonly bins: readonly number[];
}

// Types are checked by the compiler; the calls are never made.
function types(tm: TaskManager, number: Future<number>, fit: Future<Fit>, text: Future<string>): void {
  const f = tm.tsApp(async (n: number, fits: readonly Fit[], options?: { scale: number }) => [
    n,
    fits,
    options,
  ]);
  expectTypeOf(f).toBeFunction();

  // A Future may stand for any value, at any depth.
  f(1, [{ chi2: 1, bins: [1] }]);
  f(number, [fit, { chi2: number, bins: [1, number] }], { scale: number });
  // @ts-expect-error a text is no number
  f('1', []);
  // @ts-expect-error neither is a Future of a text
  f(text, []);
  // @ts-expect-error nor inside
  f(1, [{ chi2: text, bins: [] }]);
  // @ts-expect-error an argument is missing
  f(1);
  // @ts-expect-error there is no such option
  f(1, [], { scal: 2 });
  // @ts-expect-error apps take no more arguments than their function
  f(1, [], { scale: 1 }, 2);

  // The result is that of the function, awaited; Futures in it by their results.
  const one = tm.tsApp(async (n: number) => n);
  expectTypeOf(one(1)).toEqualTypeOf<Future<number>>();
  expectTypeOf(one(1).result()).resolves.toBeNumber();
  expectTypeOf(tm.tsApp((n: number) => one(n) as Future<number>)(1)).toEqualTypeOf<Future<number>>();
  expectTypeOf(tm.tsApp((n: number) => [one(n)])(1)).toEqualTypeOf<Future<number[]>>();
  expectTypeOf(one.fn).toEqualTypeOf<(n: number) => Promise<number>>();
  expectTypeOf(one.with({ cores: 2 })(number)).toEqualTypeOf<Future<number>>();
  // @ts-expect-error there is no such option
  one.with({ core: 2 });

  // Optional and rest parameters stay what they are.
  const rest = tm.tsApp((name: string, size = 3, ...others: number[]) => name + size + others.length);
  rest('a');
  rest(text, number, 1, number, 2);
  // @ts-expect-error a text is no number
  rest('a', 1, 'b');

  // The result of a bash app is its standard output.
  const echo = tm.bashApp({ retries: 1 })((n: number) => ['echo', String(n)]);
  expectTypeOf(echo(number)).toEqualTypeOf<Future<string>>();

  // Settled Futures arrive as outcomes.
  const summary = tm.tsApp(
    (ends: readonly ({ ok: true; value: number } | { ok: false; error: Error })[]) => ends.length,
  );
  summary(settled([number, number]));
  // @ts-expect-error outcomes of texts
  summary(settled([text]));

  // Names, options first, classes and records.
  expectTypeOf(tm.tsApp({ name: 'x' })((n: number) => n)).toEqualTypeOf<App<(n: number) => number>>();
  const { twice } = tm.apps({ twice: (n: number) => 2 * n });
  expectTypeOf(twice(number)).toEqualTypeOf<Future<number>>();
  class Steps {
    static first(n: number): string {
      return String(n);
    }

    static async second(s: string): Promise<boolean> {
      return s === '';
    }
  }
  const steps = tm.apps(Steps);
  expectTypeOf(steps.second(steps.first(1))).toEqualTypeOf<Future<boolean>>();
  // @ts-expect-error a number is no text
  steps.second(1);

  const value: Futurable<{ a: number[] }> = { a: [1, number] };
  expectTypeOf(value).not.toBeAny();
  expectTypeOf<Future<number>>().not.toExtend<PromiseLike<unknown>>();
}

describe('the types of apps', () => {
  it('are those of their functions, with Futures wherever values may stand', () => {
    expect(types).toBeTypeOf('function');
    const queue = new Queue('q', { baseDir: makeFolder() });
    expectTypeOf(new TaskManager({ queue }).spawn).returns.resolves.toHaveProperty('stopped');
    queue.close();
  });
});
