import { types } from 'node:util';
import type { Kind, Sink, Source } from './kind.ts';
import { expectProperties, malformed } from './malformed.ts';
import { assertPlainProperty } from './own-keys.ts';
import { builtinConstructor, builtinName, className } from './realm.ts';

/** The built-in classes of errors; an error of any other class comes back as the nearest of them. */
export const ERROR_NAMES = [
  ...['Error', 'AggregateError', 'EvalError', 'RangeError', 'ReferenceError', 'SuppressedError'],
  ...['SyntaxError', 'TypeError', 'URIError', 'DOMException'],
] as const;

// What errors hold in properties that are not enumerable, or inherit.
const HIDDEN = ['name', 'message', 'code', 'stack', 'cause', 'errors', 'error', 'suppressed'] as const;

/** Whether a value is an error, of whatever class and context. */
export function isError(value: object): value is Error {
  return types.isNativeError(value) || value instanceof Error;
}

/** The nearest built-in class of an error. */
export function errorName(error: Error): string {
  for (let at = Object.getPrototypeOf(error); at !== null; at = Object.getPrototypeOf(at)) {
    const name = builtinName(at);
    if (name !== undefined && isErrorName(name)) return name;
  }
  return 'Error';
}

/**
 * Errors of one built-in class: `{"as":"MyError","name":…,"message":…,"code":…,"stack":…,"cause":…,"errors":[…],
 * "own":{…}}`. `as` names a class that is not built in, for the reader and the key; `own` has the enumerable own
 * properties; the others are there when the error has them otherwise than its class does.
 */
export function errorKind(name: string): Kind<Error> {
  return {
    is: isError,
    write: (value, sink) => writeError(value, sink, builtinConstructor(name)?.prototype),
    read: (body, source, keep) => readError(name, body, source, keep),
  };
}

function writeError(error: Error, sink: Sink, base: object | undefined): void {
  const isOwnClass = builtinName(Object.getPrototypeOf(error)) === undefined;
  sink.put(isOwnClass ? `{"as":${JSON.stringify(className(error))}` : '{');
  let isFirst = !isOwnClass;
  for (const key of HIDDEN.filter((hidden) => differs(error, hidden, base))) {
    sink.put(`${isFirst ? '' : ','}"${key}":`);
    sink.child(key, Reflect.get(error, key));
    isFirst = false;
  }
  const own = Reflect.ownKeys(error).filter((key) => Object.prototype.propertyIsEnumerable.call(error, key));
  for (const key of own) assertPlainProperty(error, key, sink.trail);
  if (own.length > 0) {
    sink.put(`${isFirst ? '' : ','}"own":`);
    sink.properties(
      error,
      own.filter((key) => typeof key === 'string'),
    );
  }
  sink.put('}');
}

function differs(error: Error, key: string, base: object | undefined): boolean {
  const own = Object.getOwnPropertyDescriptor(error, key);
  if (own !== undefined) return own.enumerable !== true;
  // The getters of DOMException.prototype work on instances only.
  const inherited = base !== undefined && !isDomException(error) ? Reflect.get(base, key) : undefined;
  return Reflect.get(error, key) !== inherited;
}

function readError(tag: string, body: unknown, source: Source, keep: (error: Error) => void): Error {
  const { as: _class, own, ...hidden } = expectProperties(body, tag);
  const error = emptyError(tag, hidden);
  keep(error);
  if (!Object.hasOwn(hidden, 'stack')) Reflect.deleteProperty(error, 'stack');
  for (const [key, node] of Object.entries(hidden)) {
    if (!HIDDEN.some((known) => known === key))
      throw malformed(`A stored ${tag} has an unknown part ${key}.`);
    const value = source.child(node);
    if (isDomException(error) && Reflect.get(error, key) === value) continue;
    Object.defineProperty(error, key, { value, writable: true, configurable: true, enumerable: false });
  }
  if (own !== undefined) source.properties(error, own);
  return error;
}

function emptyError(
  tag: string,
  { message, name }: { readonly message?: unknown; readonly name?: unknown },
): Error {
  if (tag === 'DOMException') return new DOMException(String(message), String(name));
  // A Node without that class gives an Error.
  const error: unknown = Reflect.construct(Error, [], builtinConstructor(tag) ?? Error);
  if (error instanceof Error) return error;
  throw malformed(`There is no error of class ${tag}.`);
}

function isDomException(error: Error): boolean {
  return error instanceof DOMException;
}

function isErrorName(name: string): boolean {
  return ERROR_NAMES.some((known) => known === name);
}
