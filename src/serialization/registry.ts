import { PipeError } from '../errors.ts';
import { builtinName } from './realm.ts';

/** How the instances of one registered class travel. */
export interface Registration<T = unknown> {
  readonly name: string;
  encode(value: T): unknown;
  decode(data: unknown): T;
}

type Constructor<T> = abstract new (...args: never[]) => T;

/** A class of the user, and how its instances travel. */
export interface RegisteredClass {
  /** Undefined for a class that is known by its instances only. */
  readonly owner: Constructor<unknown> | undefined;
  readonly how: Registration;
}

interface Registry {
  readonly byPrototype: WeakMap<object, RegisteredClass>;
  readonly byName: Map<string, { readonly how: Registration; readonly source: string }>;
  /** Where set, what is registered now belongs to a function that is being made, and to nobody else. */
  collecting: RegisteredClass[] | undefined;
}

// On globalThis, because user code may load another copy of this module than the worker.
const KEY = Symbol.for('tspipe.classes');
const holder = globalThis as { [KEY]?: Registry };
holder[KEY] ??= { byPrototype: new WeakMap(), byName: new Map(), collecting: undefined };
const registry: Registry = holder[KEY];

/** Classes of tspipe itself, which every process knows. */
const ownByPrototype = new WeakMap<object, Registration>();
const ownByName = new Map<string, Registration>();

/**
 * Lets the instances of a class travel in arguments, captured data and results. `encode` gives data that can travel,
 * `decode` makes an instance from it; `name` stands for the class in what is stored, so keep it when the class is
 * renamed. Instances of subclasses need a registration of their own. An instance must not hold itself, nor what
 * holds it. The class, `encode` and `decode` travel with what needs them, like any function, so a worker has not to
 * register anything; a script that reads results does, at the top of the module of the class. Throws `OPTION_INVALID`
 * when another class has the name.
 *
 * ```ts
 * class Point { constructor(readonly x: number, readonly y: number) {} }
 * registerClass(Point, { name: 'Point', encode: ({ x, y }) => [x, y], decode: (data) => new Point(...parsePair(data)) });
 * ```
 */
export function registerClass<T>(owner: Constructor<T>, how: Registration<T>): void {
  const known: RegisteredClass = { owner, how };
  if (registry.collecting !== undefined) {
    registry.byPrototype.set(owner.prototype, known);
    registry.collecting.push(known);
    return;
  }
  const source = Function.prototype.toString.call(owner);
  const before = registry.byName.get(how.name);
  // The same class again, from a module that was loaded twice, takes the place of the first.
  if ((before !== undefined && before.source !== source) || ownByName.has(how.name)) {
    throw new PipeError(
      'OPTION_INVALID',
      `Another class is registered as "${how.name}". Choose another name.`,
    );
  }
  registry.byPrototype.set(owner.prototype, known);
  registry.byName.set(how.name, { how, source });
}

/** Registers a class of tspipe itself, which does not travel. */
export function registerOwnClass<T>(owner: Constructor<T>, how: Registration<T>): void {
  ownByPrototype.set(owner.prototype, how);
  ownByName.set(how.name, how);
}

/** Makes a function, and gives the classes that it registered meanwhile; these are not known by name to others. */
export function collectClasses<T>(make: () => T): {
  readonly made: T;
  readonly classes: readonly RegisteredClass[];
} {
  const before = registry.collecting;
  const classes: RegisteredClass[] = [];
  registry.collecting = classes;
  try {
    return { made: make(), classes };
  } finally {
    registry.collecting = before;
  }
}

/** Lets the instances of a class that came with a function travel on. */
export function adoptClass(known: RegisteredClass): void {
  if (known.owner !== undefined) registry.byPrototype.set(known.owner.prototype, known);
}

/** The same for a class that only one of its instances tells. */
export function adoptClassOf(value: unknown, how: Registration): void {
  const prototype = prototypeOf(value);
  if (prototype === undefined || builtinName(prototype) !== undefined) return;
  if (registry.byPrototype.has(prototype)) return;
  const owner: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
  const isOwner = typeof owner === 'function' && owner.prototype === prototype;
  registry.byPrototype.set(prototype, { owner: isOwner ? (owner as Constructor<unknown>) : undefined, how });
}

/** How this instance of a class of tspipe itself travels. */
export function ownRegistrationOf(value: object): Registration | undefined {
  const prototype = prototypeOf(value);
  return prototype && ownByPrototype.get(prototype);
}

/** The class of this instance, by its own class only, where the user registered it. */
export function classOfInstance(value: object): RegisteredClass | undefined {
  const prototype = prototypeOf(value);
  return prototype && registry.byPrototype.get(prototype);
}

/** What was registered for a class. */
export function registeredClass(owner: object): RegisteredClass | undefined {
  const prototype: unknown = Object.getOwnPropertyDescriptor(owner, 'prototype')?.value;
  const known = isObject(prototype) ? registry.byPrototype.get(prototype) : undefined;
  return known?.owner === owner ? known : undefined;
}

export function ownRegistrationNamed(name: string): Registration | undefined {
  return ownByName.get(name);
}

/** How the class that was registered here by this name travels. */
export function registrationNamed(name: string): Registration | undefined {
  return registry.byName.get(name)?.how;
}

function prototypeOf(value: unknown): object | undefined {
  const prototype: unknown = isObject(value) ? Object.getPrototypeOf(value) : undefined;
  return isObject(prototype) ? prototype : undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
