import type { Future } from '../queue/index.ts';
import type { AnyFn } from './any-function.ts';

declare const DELIVERS: unique symbol;

/** What `settled` makes: an argument that delivers outcomes. It has no result to ask for. */
export interface Settled<out T> {
  readonly [DELIVERS]: T;
}

/**
 * A value, a Future of it, or the same with Futures anywhere inside: in arrays, tuples, plain objects, Maps and Sets.
 * Left whole are primitives (branded ones too), functions, what the language and Node bring (Date, Buffer, typed
 * arrays), and instances of classes with private members, which no other object can stand for.
 */
export type Futurable<T> = T | Future<T> | Settled<T> | WithFutures<T>;

/**
 * What a task's result is once the Futures that it returned, alone or inside other values, are replaced by their
 * results. A type that holds none keeps its name.
 */
export type Resolved<T> = T extends FutureFree<T> ? T : Replaced<T>;

/** The arguments of an app: those of its function, or Futures of them. */
export type FuturableArguments<F extends AnyFn> = FuturableItems<Parameters<F>>;

/** The outcomes of a list of Futures, in its order. */
export type ResultOf<F> = F extends Future<infer T> ? T : never;

type Whole =
  | string
  | number
  | bigint
  | boolean
  | symbol
  | null
  | undefined
  | AnyFn
  | (abstract new (
      ...args: never[]
    ) => unknown)
  | Date
  | RegExp
  | URL
  | Error
  | ArrayBuffer
  | SharedArrayBuffer
  | ArrayBufferView
  | Promise<unknown>
  | Future;

// Elements of arrays stand as `X[]`, which compilers look into only when they must: a mapped array is looked into at
// once, without end where a type holds itself.
type WithFutures<T> = T extends Whole
  ? never
  : T extends ReadonlyMap<infer K, infer V>
    ? ReadonlyMap<Futurable<K>, Futurable<V>>
    : T extends ReadonlySet<infer V>
      ? ReadonlySet<Futurable<V>>
      : T extends readonly (infer E)[]
        ? E[] extends T
          ? readonly Futurable<E>[]
          : FuturableItems<T>
        : PublicPart<T> extends T
          ? FuturableItems<T>
          : never;

type FuturableItems<T> = { readonly [K in keyof T]: Futurable<T[K]> };

/** Of a class with private members another type, which does not do in its place. */
type PublicPart<T> = { [K in keyof T]: T[K] };

declare const HELD: unique symbol;

/** The same type where it holds no Future. */
type FutureFree<T> = T extends Future
  ? typeof HELD
  : T extends Whole
    ? T
    : T extends ReadonlyMap<infer K, infer V>
      ? ReadonlyMap<FutureFree<K>, FutureFree<V>>
      : T extends ReadonlySet<infer V>
        ? ReadonlySet<FutureFree<V>>
        : T extends readonly (infer E)[]
          ? E[] extends T
            ? readonly FutureFree<E>[]
            : FutureFreeItems<T>
          : T extends object
            ? FutureFreeItems<T>
            : T;

type FutureFreeItems<T> = { readonly [K in keyof T]: FutureFree<T[K]> };

type Replaced<T> =
  T extends Future<infer U>
    ? Replaced<U>
    : T extends Whole
      ? T
      : T extends Map<infer K, infer V>
        ? Map<Replaced<K>, Replaced<V>>
        : T extends ReadonlyMap<infer K, infer V>
          ? ReadonlyMap<Replaced<K>, Replaced<V>>
          : T extends Set<infer V>
            ? Set<Replaced<V>>
            : T extends ReadonlySet<infer V>
              ? ReadonlySet<Replaced<V>>
              : T extends readonly (infer E)[]
                ? ReplacedList<T, E>
                : T extends object
                  ? PublicPart<T> extends T
                    ? ReplacedItems<T>
                    : T
                  : T;

type ReplacedList<T, E> = E[] extends T
  ? T extends unknown[]
    ? Replaced<E>[]
    : readonly Replaced<E>[]
  : ReplacedItems<T>;

type ReplacedItems<T> = { [K in keyof T]: Replaced<T[K]> };
