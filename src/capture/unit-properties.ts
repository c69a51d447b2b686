import type { AnyFunction } from './any-function.ts';
import type { FunctionFacts } from './function-facts.ts';
import { keyText } from './property-keys.ts';
import { refusal, type Trail } from './refusal.ts';

export interface OwnProperty {
  /** As `keyText` gives it. */
  readonly key: string;
  readonly value: unknown;
}

const STANDARD: ReadonlySet<PropertyKey> = new Set(['length', 'name', 'prototype', 'arguments', 'caller']);

/** What a function or class holds that its text does not say: static fields, properties set later, decorated methods. */
export function ownProperties(fn: AnyFunction, facts: FunctionFacts, trail: Trail): readonly OwnProperty[] {
  const keys = Reflect.ownKeys(fn).filter((key) => !STANDARD.has(key));
  return extraProperties(fn, keys, { texts: facts.classParts?.staticTexts, trail });
}

/** What the prototype holds that the text does not say. */
export function prototypeProperties(
  fn: AnyFunction,
  facts: FunctionFacts,
  trail: Trail,
): readonly OwnProperty[] {
  const prototype: unknown = Object.getOwnPropertyDescriptor(fn, 'prototype')?.value;
  if (typeof prototype !== 'object' || prototype === null) return [];
  const keys = Reflect.ownKeys(prototype).filter(
    (key) => key !== 'constructor' && !isMadeByEngine(key, prototype),
  );
  return extraProperties(prototype, keys, { texts: facts.classParts?.memberTexts, trail });
}

interface Known {
  readonly texts: ReadonlySet<string> | undefined;
  readonly trail: Trail;
}

function extraProperties(
  holder: object,
  keys: readonly (string | symbol)[],
  { texts, trail }: Known,
): readonly OwnProperty[] {
  return keys.flatMap((key) => {
    const property = Object.getOwnPropertyDescriptor(holder, key);
    const accessor = property?.get ?? property?.set;
    if (isInText(accessor ?? property?.value, texts)) return [];
    const written = keyText(key);
    if (written === undefined) {
      throw refusal(
        [...trail, key.toString()],
        'a symbol that only this process has is its key',
        'Make the symbol with Symbol.for',
      );
    }
    if (accessor === undefined) return [{ key: written, value: property?.value }];
    throw refusal(
      [...trail, String(key)],
      'a getter or setter that was added later cannot travel',
      'Write it in the class',
    );
  });
}

/** Generators and the like have a tag. */
function isMadeByEngine(key: string | symbol, prototype: object): boolean {
  return key === Symbol.toStringTag && Object.getOwnPropertyDescriptor(prototype, key)?.writable === false;
}

function isInText(value: unknown, texts: ReadonlySet<string> | undefined): boolean {
  return typeof value === 'function' && texts?.has(Function.prototype.toString.call(value)) === true;
}
