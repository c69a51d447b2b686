import { arrayBufferKind, VIEW_NAMES, viewKind } from './binary-kinds.ts';
import { mapKind, setKind } from './collection-kinds.ts';
import { ERROR_NAMES, errorKind, errorName, isError } from './error-kind.ts';
import type { Kind } from './kind.ts';
import { builtinName } from './realm.ts';
import { dateKind, regExpKind, urlKind } from './simple-kinds.ts';

/** The built-in classes that travel, by the tag they are written with. */
const KINDS: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ['Date', dateKind],
  ['RegExp', regExpKind],
  ['URL', urlKind],
  ['Map', mapKind],
  ['Set', setKind],
  ['ArrayBuffer', arrayBufferKind],
  ...VIEW_NAMES.map((name): [string, Kind] => [name, viewKind(name)]),
  ...ERROR_NAMES.map((name): [string, Kind] => [name, errorKind(name)]),
]);

/** The tag that a value of a built-in class is written with; `undefined` for a subclass, except of an error. */
export function tagOf(value: object): string | undefined {
  const prototype: unknown = Object.getPrototypeOf(value);
  const name = typeof prototype === 'object' && prototype !== null ? builtinName(prototype) : undefined;
  if (name !== undefined && KINDS.get(name)?.is(value) === true) return name;
  return isError(value) ? errorName(value) : undefined;
}

export function kindOf(tag: string): Kind | undefined {
  return KINDS.get(tag);
}
