import { types } from 'node:util';
import type { AnyFunction } from './any-function.ts';
import { isRoot } from './data-walk.ts';
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
  const isUsual = isAsWritten || isOfFunctions(parent);
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
  const written = typeof parent === 'function' && !isOfFunctions(parent) ? parent : undefined;
  if (written === undefined ? isUsualBase(found) : found === written.prototype) return undefined;
  const maker: unknown = found && Object.getOwnPropertyDescriptor(found, 'constructor')?.value;
  if (typeof maker === 'function' && maker.prototype === found) return maker as AnyFunction;
  throw unknownParent([...trail, 'prototype']);
}

function ownPrototype(fn: AnyFunction): object | undefined {
  const prototype: unknown = Object.getOwnPropertyDescriptor(fn, 'prototype')?.value;
  return typeof prototype === 'object' && prototype !== null ? prototype : undefined;
}

/** What functions of all kinds inherit from; a prompt may have its own. */
function isOfFunctions(value: unknown): boolean {
  if (typeof value === 'function')
    return isRoot(Object.getPrototypeOf(value)) && Object.hasOwn(value, 'apply');
  return /^(Async)?(Generator)?Function$/.test(tagOf(value)) && isOfFunctions(Object.getPrototypeOf(value));
}

/** What prototypes of functions and of generators inherit from; none is what a class has that extends null. */
function isUsualBase(value: unknown): boolean {
  return value === null || isRoot(value) || /^(Async)?Generator$/.test(tagOf(value));
}

function tagOf(value: unknown): string {
  const isObject = typeof value === 'object' && value !== null;
  const tag = isObject ? Object.getOwnPropertyDescriptor(value, Symbol.toStringTag) : undefined;
  // The tags of the engine cannot be written.
  return typeof tag?.value === 'string' && tag.writable === false ? tag.value : '';
}

function unknownParent(trail: Trail): Error {
  return refusal(
    trail,
    'it inherits from an object that is the prototype of no function',
    'Write it as a class that extends another',
  );
}
