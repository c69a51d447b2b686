import { types } from 'node:util';
import type { AnyFunction } from './any-function.ts';
import type { FunctionFacts } from './function-facts.ts';
import { refusal, type Trail } from './refusal.ts';

/** What a function and its prototype inherit from, where the text does not say that. */
export interface Inheritance {
  /** What the function itself inherits from. */
  readonly parent: AnyFunction | undefined;
  /** The function whose `prototype` its own one inherits from. */
  readonly prototypeParent: AnyFunction | undefined;
  /** Its prototype has no `constructor` of its own. */
  readonly isBare: boolean;
}

/** @throws `CAPTURE_REFUSED` where one of them inherits from an object that is no function's prototype. */
export function inheritanceOf(fn: AnyFunction, facts: FunctionFacts, trail: Trail): Inheritance {
  const isClass = facts.kind === 'class';
  const parent: unknown = Object.getPrototypeOf(fn);
  // What a class extends by its text is linked as that.
  const isAsWritten = isClass && facts.classParts?.heritage !== undefined;
  const isUsual = isAsWritten || FUNCTION_PROTOTYPES.has(parent);
  if (!isUsual && typeof parent !== 'function') throw unknownParent(trail);
  const prototype = ownPrototype(fn);
  return {
    parent: isUsual ? undefined : (parent as AnyFunction),
    prototypeParent: prototype && prototypeParent(prototype, isClass ? parent : undefined, trail),
    isBare:
      prototype !== undefined && !types.isGeneratorFunction(fn) && !Object.hasOwn(prototype, 'constructor'),
  };
}

function prototypeParent(prototype: object, parent: unknown, trail: Trail): AnyFunction | undefined {
  const found: unknown = Object.getPrototypeOf(prototype);
  const written = typeof parent === 'function' && !FUNCTION_PROTOTYPES.has(parent) ? parent : undefined;
  if (written === undefined ? OBJECT_PROTOTYPES.has(found) : found === written.prototype) return undefined;
  const maker: unknown = found && Object.getOwnPropertyDescriptor(found, 'constructor')?.value;
  if (typeof maker === 'function' && maker.prototype === found) return maker as AnyFunction;
  throw unknownParent([...trail, 'prototype']);
}

function ownPrototype(fn: AnyFunction): object | undefined {
  const prototype: unknown = Object.getOwnPropertyDescriptor(fn, 'prototype')?.value;
  return typeof prototype === 'object' && prototype !== null ? prototype : undefined;
}

const MADE: readonly object[] = [
  () => 0,
  async () => 0,
  function* () {
    yield 0;
  },
  async function* () {
    yield 0;
  },
];

const FUNCTION_PROTOTYPES: ReadonlySet<unknown> = new Set(MADE.map((one) => Object.getPrototypeOf(one)));

/** Of functions, of generators, and none, which a class has that extends null. */
const OBJECT_PROTOTYPES: ReadonlySet<unknown> = new Set([
  Object.prototype,
  null,
  ...MADE.flatMap((one) => {
    const prototype: unknown = Reflect.get(one, 'prototype');
    return prototype === undefined ? [] : [Object.getPrototypeOf(prototype)];
  }),
]);

function unknownParent(trail: Trail): Error {
  return refusal(
    trail,
    'it inherits from an object that is the prototype of no function',
    'Write it as a class that extends another',
  );
}
