import type { CallOptions as UntypedCallOptions, Captured } from '../app/index.ts';
import type { Future } from '../queue/index.ts';
import type { AnyFn, Giving, Stream, Surely } from './any-function.ts';
import type { FuturableArguments, Resolved } from './futurable.ts';

/** Options for one call: those of the app, `after` (Futures to wait for) and `key` (adds to the identity). */
export interface CallOptions extends Omit<UntypedCallOptions, 'after'> {
  readonly after?: Future | readonly Future[] | undefined;
}

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

type ResultOfFunction<F extends AnyFn> = Resolved<Awaited<ReturnType<F>>>;

/** A function made callable as tasks: it takes values or Futures and gives a Future of its result. */
export interface App<F extends AnyFn> extends AppMembers<F, ResultOfFunction<F>> {
  readonly kind: 'ts';
  (...args: FuturableArguments<F>): Future<ResultOfFunction<F>>;
}

/** An app whose function gives a command; its result is the command's standard output. */
export interface BashApp<F extends AnyFn> extends AppMembers<F, string> {
  readonly kind: 'bash';
  (...args: FuturableArguments<F>): Future<string>;
}

/** What a function gives that is made a bash app: words that run without a shell, or a text for bash. */
export type Command = string | readonly (string | number | bigint)[];

/**
 * The static methods of a class, or the functions of a record, as apps; without generators. A decorator cannot change
 * a declared type, so a decorated method has the type of a ts app: that of a bash app is told by
 * `tm.bashApp(Class.method)`.
 */
export type Apps<C> = {
  readonly [K in keyof C as C[K] extends AnyFn
    ? K extends 'prototype'
      ? never
      : C[K] extends Giving<Stream>
        ? Surely<C[K]> extends never
          ? K
          : never
        : K
    : never]: AppOf<C[K]>;
};

type AppOf<F> = F extends { readonly kind: 'ts' | 'bash'; readonly appName: string }
  ? F
  : F extends AnyFn
    ? App<F>
    : never;
