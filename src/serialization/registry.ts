import { PipeError } from '../errors.ts';

/** How the instances of one registered class travel. */
export interface Registration<T = unknown> {
  readonly name: string;
  encode(value: T): unknown;
  decode(data: unknown): T;
}

type Constructor<T> = abstract new (...args: never[]) => T;

const byPrototype = new WeakMap<object, Registration>();
const byName = new Map<string, { readonly how: Registration; readonly source: string }>();

/**
 * Lets the instances of a class travel in arguments, captured data and results. `encode` gives data that can travel,
 * `decode` makes an instance from it; `name` stands for the class in what is stored, so keep it when the class is
 * renamed. Instances of subclasses need a registration of their own. An instance must not hold itself, nor what
 * holds it. Register in every process that reads such values, at the top of the module of the class. Throws
 * `OPTION_INVALID` when another class has the name.
 *
 * ```ts
 * class Point { constructor(readonly x: number, readonly y: number) {} }
 * registerClass(Point, { name: 'Point', encode: ({ x, y }) => [x, y], decode: (data) => new Point(...parsePair(data)) });
 * ```
 */
export function registerClass<T>(owner: Constructor<T>, how: Registration<T>): void {
  const source = Function.prototype.toString.call(owner);
  const known = byName.get(how.name);
  // The same class again, from a module that was loaded twice, takes the place of the first.
  if (known !== undefined && known.source !== source) {
    throw new PipeError(
      'OPTION_INVALID',
      `Another class is registered as "${how.name}". Choose another name.`,
    );
  }
  byPrototype.set(owner.prototype, how);
  byName.set(how.name, { how, source });
}

/** How this instance travels, by its own class only. */
export function registrationOf(value: object): Registration | undefined {
  const prototype: unknown = Object.getPrototypeOf(value);
  return typeof prototype === 'object' && prototype !== null ? byPrototype.get(prototype) : undefined;
}

/** How the class of this name travels. */
export function registrationNamed(name: string): Registration | undefined {
  return byName.get(name)?.how;
}
