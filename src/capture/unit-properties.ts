import type { AnyFunction } from './any-function.ts';
import { COMPUTED, type DeclaredMembers } from './class-parts.ts';
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
  const declared = facts.classParts?.statics ?? NOTHING;
  const keys = Reflect.ownKeys(fn).filter((key) => !STANDARD.has(key) || declared.keys.has(String(key)));
  return extraProperties(fn, keys, { declared, trail });
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
  return extraProperties(prototype, keys, { declared: facts.classParts?.members ?? NOTHING, trail });
}

const NOTHING: DeclaredMembers = { texts: new Map(), keys: new Set() };

interface Known {
  readonly declared: DeclaredMembers;
  readonly trail: Trail;
}

function extraProperties(
  holder: object,
  keys: readonly (string | symbol)[],
  { declared, trail }: Known,
): readonly OwnProperty[] {
  const gone = [...declared.keys].find((key) => !Object.hasOwn(holder, key));
  if (gone !== undefined) {
    throw refusal(
      [...trail, gone],
      'a member that the class declares was deleted, and would be there again in a task',
      'Leave it out of the class',
    );
  }
  return keys.flatMap((key) => {
    const { get, set, value } = Object.getOwnPropertyDescriptor(holder, key) ?? {};
    const accessors = [get, set].filter((accessor) => accessor !== undefined);
    const functions = accessors.length > 0 ? accessors : [value];
    if (functions.every((one) => isInText(one, key, declared))) return [];
    const written = keyText(key);
    if (written === undefined) {
      throw refusal(
        [...trail, key.toString()],
        'a symbol that only this process has is its key',
        'Make the symbol with Symbol.for',
      );
    }
    if (accessors.length === 0) return [{ key: written, value }];
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

/** Under its own key: the same function under another one is another member. */
function isInText(value: unknown, key: string | symbol, { texts }: DeclaredMembers): boolean {
  if (typeof value !== 'function') return false;
  const text = Function.prototype.toString.call(value);
  const own = typeof key === 'string' ? texts.get(key) : undefined;
  return (own ?? texts.get(COMPUTED))?.has(text) === true;
}
