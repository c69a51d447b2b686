import type { AppOptions as OptionsOfApp } from '../app/index.ts';
import type { AnyFn, Giving, Stream, Surely } from './any-function.ts';
import type { App, BashApp, Command } from './app-types.ts';

/** What `tm.tsApp` is: a function of functions or of options, and a decorator of static methods by either protocol. */
export type TsAppDecorator = TsAppMaker & MethodDecorators<unknown>;

/** What `tm.bashApp` is: the same for functions that give a command. */
export type BashAppDecorator = BashAppMaker & MethodDecorators<Command | Promise<Command>>;

// Of several signatures that do not fit, TypeScript 7 tells about the last: hence functions with options once more, and
// the legacy decorator at the end. `context` keeps these from fitting as decorators.
interface TsAppMaker {
  (options: AppOptions, context?: undefined): TsAppDecorator;
  <A extends App<AnyFn>>(app: A, context?: undefined): A;
  <F extends Giving<Stream>>(generator: F & Surely<F>, context?: undefined): OneValueNotAGenerator;
  <F extends AnyFn>(fn: F | AppOptions, context?: undefined): App<F>;
}

interface BashAppMaker {
  (options: AppOptions, context?: undefined): BashAppDecorator;
  <A extends BashApp<AnyFn>>(app: A, context?: undefined): A;
  <F extends Giving<Command | Promise<Command>>>(fn: F | AppOptions, context?: undefined): BashApp<F>;
}

/** Named, so that messages of compilers are short. */
interface AppOptions extends OptionsOfApp {}

// biome-ignore lint/suspicious/noExplicitAny: functions of any parameters.
type Method<This, R> = (this: This, ...args: any) => R;

// biome-ignore lint/complexity/noBannedTypes: the class of a static method, whose constructor may be private.
type AnyClass = Function;

// What is no method is what a decorator may not give, so a generator that is decorated does not compile.
interface MethodDecorators<R> {
  <This, F extends Method<This, Stream>>(
    generator: F & Surely<F>,
    context: ClassMethodDecoratorContext<This, F> & StaticMethod,
  ): OneValueNotAGenerator;
  <This, F extends Method<This, R>>(
    value: F,
    context: ClassMethodDecoratorContext<This, F> & StaticMethod,
  ): F;
  <F extends Giving<Stream>>(
    target: AnyClass,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<F & Surely<F>>,
  ): OneValueNotAGenerator;
  <F extends Giving<R>>(
    target: AnyClass,
    key: string | symbol,
    descriptor: TypedPropertyDescriptor<F>,
  ): TypedPropertyDescriptor<F>;
}

/** Compilers know of each method what stands here. */
interface StaticMethod {
  readonly static: true;
  readonly private: false;
}

/** What a generator is instead of an app: it gives many values, and a task has one result: `return [...draw()]`. */
interface OneValueNotAGenerator {
  readonly 'an app gives one value: return [...draw()], or write a file': never;
}
