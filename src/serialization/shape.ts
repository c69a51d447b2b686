import { types } from 'node:util';
import { extraProperty } from './own-keys.ts';
import { builtinName } from './realm.ts';
import type { Trail } from './trail.ts';

/** Plain arrays, plain objects, objects without prototype; `other` for all else, functions and Proxies too. */
type Shape = 'array' | 'object' | 'null' | 'other';

export function shapeOf(value: object): Shape {
  if (typeof value === 'function' || types.isProxy(value) || types.isModuleNamespaceObject(value))
    return 'other';
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null) return 'null';
  if (typeof prototype !== 'object') return 'other';
  const name = builtinName(prototype);
  if (Array.isArray(value)) return name === 'Array' ? 'array' : 'other';
  return name === 'Object' ? 'object' : 'other';
}

/** The indices of an array that hold something, ascending; refuses an array with properties beside its items. */
export function itemIndices(array: readonly unknown[], trail: Trail): readonly number[] {
  const symbol = Object.getOwnPropertySymbols(array)[0];
  if (symbol !== undefined) throw extraProperty(trail, symbol);
  const names = Object.keys(array);
  // Indices come first, so an extra property is the last.
  const last = names.at(-1);
  if (last !== undefined && !isIndexOf(array, last)) throw extraProperty(trail, last);
  const indices = names.map(Number);
  if (names.length <= LISTED && Reflect.ownKeys(array).length !== names.length + 1)
    throw extraProperty(trail);
  return indices;
}

/** The text for so many holes in a row. */
export function holesText(count: number): string {
  return `{"$":"hole","v":${count}}`;
}

// Hidden properties of longer arrays are not looked for: listing a million own keys takes 250 ms.
const LISTED = 1_000;

function isIndexOf(array: readonly unknown[], key: string): boolean {
  const index = Number(key);
  return Number.isInteger(index) && index >= 0 && index < array.length && String(index) === key;
}
