import {
  type AnyFunction,
  type AppKind,
  type AppOptions,
  type DeclaredTypes,
  isApp,
  type UntypedApp,
} from '../app/index.ts';
import { PipeError } from '../errors.ts';
import { isPlainObject, showValue } from '../util/index.ts';
import { declaredTypesOf } from './declared-types.ts';
import { type AppHome, makeApp } from './make-app.ts';

interface Decoration {
  readonly kind: AppKind;
  readonly options: AppOptions;
  readonly home: AppHome;
}

/** Parses options given in the place of a function, once the decorator is applied with them. */
type ParseOptions = (options: unknown) => AppOptions;

/**
 * One function for every way an app is made: by the standard decorator protocol (value, context), by the legacy one
 * (target, key, descriptor), from a plain function, and from options that come first.
 */
export function decorate(decoration: Decoration, parse: ParseOptions, args: readonly unknown[]): unknown {
  const [first, second, third] = args;
  if (args.length >= 2 && (typeof second === 'string' || typeof second === 'symbol')) {
    return legacy(decoration, { target: first, key: second, descriptor: third });
  }
  if (isContext(second)) return standard(decoration, first, second);
  if (isApp(first)) return sameApp(first, decoration);
  if (typeof first === 'function') return makeApp(first as AnyFunction, decoration);
  if (args.length === 1 && isPlainObject(first)) {
    const options = { ...decoration.options, ...parse(first) };
    return (...rest: unknown[]) => decorate({ ...decoration, options }, parse, rest);
  }
  throw new PipeError(
    'APP_INVALID',
    `An app is made of a function or a static method, not of ${showValue(first)}.`,
  );
}

/** An app is what it was made: `tm.bashApp(Class.method)` only tells its type. */
function sameApp(app: UntypedApp, { kind, options }: Decoration): UntypedApp {
  const name = app.appName;
  if (app.kind !== kind) {
    const made = `${name} is a ${app.kind} app, and cannot be made a ${kind} app`;
    throw new PipeError('APP_INVALID', `${made}. Pass its plain function: tm.${kind}App(app.fn).`);
  }
  if (Object.keys(options).length === 0) return app;
  throw new PipeError(
    'APP_INVALID',
    `${name} is an app already. Give its options where it is made, or for a call: app.with({ … })(…).`,
  );
}

interface DecoratorContext {
  readonly kind: string;
  readonly name: string | symbol;
  readonly static?: boolean;
  readonly private?: boolean;
  addInitializer(run: (this: unknown) => void): void;
}

function isContext(value: unknown): value is DecoratorContext {
  return typeof value === 'object' && value !== null && 'kind' in value && 'addInitializer' in value;
}

function standard(decoration: Decoration, method: unknown, context: DecoratorContext): UntypedApp {
  const name = String(context.name);
  if (context.kind !== 'method' || typeof method !== 'function') throw refused(name, `a ${context.kind}`);
  if (context.private === true) throw refused(name, 'a private method');
  if (context.static !== true) throw refused(name, 'an instance method, which has no instance on a worker');
  const owner: { receiver?: object } = {};
  context.addInitializer(function (this: unknown) {
    if (typeof this === 'function') owner.receiver = this;
  });
  return methodApp(decoration, method as AnyFunction, { name, receiver: () => owner.receiver });
}

function legacy(
  decoration: Decoration,
  { target, key, descriptor }: { target: unknown; key: string | symbol; descriptor: unknown },
): PropertyDescriptor {
  const name = String(key);
  const found = descriptor as PropertyDescriptor | undefined;
  if (typeof found?.value !== 'function') throw refused(name, 'an accessor or a field');
  if (typeof target !== 'function')
    throw refused(name, 'an instance method, which has no instance on a worker');
  const declaredTypes = declaredTypesOf(target, key);
  return {
    ...found,
    value: methodApp(decoration, found.value, { name, receiver: () => target, declaredTypes }),
  };
}

function methodApp(
  decoration: Decoration,
  method: AnyFunction,
  about: { name: string; receiver: () => object | undefined; declaredTypes?: DeclaredTypes | undefined },
): UntypedApp {
  const { name, receiver, declaredTypes } = about;
  return makeApp(method, {
    ...decoration,
    options: { ...decoration.options, name: decoration.options.name ?? name },
    receiver,
    declaredTypes,
  });
}

function refused(name: string, what: string): PipeError {
  return new PipeError(
    'APP_INVALID',
    `${name} is ${what}. An app is a public static method or a plain function.`,
  );
}
