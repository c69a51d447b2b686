// biome-ignore lint/suspicious/noExplicitAny: functions of any signature; `never[]` and `unknown[]` both refuse some.
export type AnyFn = (...args: any[]) => any;

// biome-ignore lint/suspicious/noExplicitAny: functions of any parameters.
export type Giving<R> = (...args: any[]) => R;

// biome-ignore lint/suspicious/noExplicitAny: of any type.
type OneStream = Iterator<any, any, any> | AsyncIterator<any, any, any>;

/** What generators return. */
export type Stream = OneStream | Promise<OneStream>;

/** `never` for functions that return `any` or never, which pass for functions of every result. */
export type Surely<F extends AnyFn> = 0 extends 1 & ReturnType<F>
  ? never
  : [ReturnType<F>] extends [never]
    ? never
    : unknown;
