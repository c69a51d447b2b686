import type { AnyFunction } from '../app/index.ts';
import { isClass, isGenerator } from './app-function.ts';

/**
 * What `tm.apps` makes apps of, by name: the static methods of a class, inherited ones too, or the functions of a
 * record or a module. Classes and generators, of which no app can be made, are what these use.
 */
export function appMembers(source: object): (readonly [name: string, fn: AnyFunction])[] {
  return memberNames(source).flatMap((name) => {
    const value: unknown = Reflect.get(source, name);
    return isFunction(value) && !isClass(value) && !isGenerator(value) ? [[name, value] as const] : [];
  });
}

function memberNames(source: object): string[] {
  if (typeof source !== 'function') return Object.keys(source);
  const names = new Set<string>();
  // Where Function.prototype begins, nothing has a prototype of its own any more.
  for (let owner = source; Object.hasOwn(owner, 'prototype'); owner = Object.getPrototypeOf(owner)) {
    for (const name of Object.getOwnPropertyNames(owner)) names.add(name);
  }
  names.delete('prototype');
  return [...names];
}

function isFunction(value: unknown): value is AnyFunction {
  return typeof value === 'function';
}
