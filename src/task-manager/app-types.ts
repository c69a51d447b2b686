import type { AppOptions, CallOptions, Captured } from '../app/index.ts';
import type { Future, SettledResult } from '../queue/index.ts';

// biome-ignore lint/suspicious/noExplicitAny: functions of any signature; `never[]` and `unknown[]` both refuse some.
export type AnyFn = (...args: any[]) => any;

// biome-ignore lint/suspicious/noExplicitAny: as above.
type Method<This> = (this: This, ...args: any) => any;

type Whole =
  | string
  | number
  | bigint
  | boolean
  | symbol
  | null
  | undefined
  | Date
  | RegExp
  | URL
  | Error
  | ArrayBuffer
  | ArrayBufferView
  | AnyFn;

type Inside<T> = T extends Whole
  ? never
  : T extends ReadonlyMap<unknown, unknown> | ReadonlySet<unknown>
    ? never
    : T extends object
      ? { [K in keyof T]: Futurable<T[K]> }
      : never;

/** A value, a Future of it, or the same with Futures anywhere inside. */
export type Futurable<T> = T | Future<T> | Inside<T>;

/** What a task's result is once the Futures that it returned are replaced by their results. */
export type Resolved<T> =
  T extends Future<infer U>
    ? U
    : T extends readonly Future<infer U>[]
      ? U[]
      : T extends Readonly<Record<string, Future>>
        ? { [K in keyof T]: Resolved<T[K]> }
        : T;

/** The arguments of an app: those of its function, or Futures of them. */
export type FuturableArguments<F extends AnyFn> = FuturableList<Parameters<F>>;

type FuturableList<P extends readonly unknown[]> = { [K in keyof P]: Futurable<P[K]> };

interface AppMembers<F extends AnyFn, R> {
  /** The plain function, for unit tests. */
  readonly fn: F;
  readonly appName: string;
  readonly kind: 'ts' | 'bash';
  /** The function as it was written. */
  readonly code: string;
  /** What travels with the function, with sizes: its code first, then data, largest first, then what it imports. */
  captures(): readonly Captured[];
  /** The app with other options for one call. */
  with(options: CallOptions): (...args: FuturableArguments<F>) => Future<R>;
}

/** A function made callable as tasks: it takes values or Futures and gives a Future of its result. */
export interface App<F extends AnyFn> extends AppMembers<F, Resolved<Awaited<ReturnType<F>>>> {
  (...args: FuturableArguments<F>): Future<Resolved<Awaited<ReturnType<F>>>>;
}

/** An app whose function gives a command; its result is the command's standard output. */
export interface BashApp<F extends AnyFn> extends AppMembers<F, string> {
  (...args: FuturableArguments<F>): Future<string>;
}

/** The static methods of a class, or the functions of a record, as apps. */
export type Apps<C> = {
  readonly [K in keyof C as C[K] extends AnyFn
    ? K extends 'prototype'
      ? never
      : K
    : never]: C[K] extends AnyFn ? App<C[K]> : never;
};

/** What `tm.tsApp` is: a decorator of static methods by either protocol, and a function of functions. */
export interface TsAppDecorator {
  <This, F extends Method<This>>(value: F, context: ClassMethodDecoratorContext<This, F>): F;
  (target: object, key: string | symbol, descriptor: PropertyDescriptor): PropertyDescriptor;
  <F extends AnyFn>(fn: F): App<F>;
  (options: AppOptions): TsAppDecorator;
}

/** What `tm.bashApp` is. */
export interface BashAppDecorator {
  <This, F extends Method<This>>(value: F, context: ClassMethodDecoratorContext<This, F>): F;
  (target: object, key: string | symbol, descriptor: PropertyDescriptor): PropertyDescriptor;
  <F extends AnyFn>(fn: F): BashApp<F>;
  (options: AppOptions): BashAppDecorator;
}

/** A list of outcomes, as an argument: see `settled`. */
export type SettledFutures<T> = Future<SettledResult<T>[]>;
