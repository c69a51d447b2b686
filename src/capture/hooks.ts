import type { AnyFunction } from './any-function.ts';
import type { Encoded, Json, KnownClass } from './nodes.ts';

/** What stands in an encoded text for a value that the codec is not to look at. */
export interface Placeholder {
  readonly tag: string;
  readonly body: Json;
  /** What of it counts for identity, where that is not all of the body. */
  readonly key?: Json;
}

/** A value of the layers above, as it travels. */
export interface KnownValue extends Placeholder {
  /** Functions that belong to it. Each becomes a program of its own, the same as when it is captured alone. */
  readonly parts?: readonly KnownFunction[];
}

export interface KnownFunction extends FunctionSetting {
  readonly fn: AnyFunction;
  readonly name: string;
}

/** What a function is given by hand. */
export interface FunctionSetting {
  /** What `this` is in it: the class of a static method. */
  readonly receiver?: object | undefined;
  /** Values that variables of these names are to have, in it and in the functions that it reaches. */
  readonly uses?: Readonly<Record<string, unknown>> | undefined;
  /** A class that it is captured for. */
  readonly madeFor?: KnownClass | undefined;
}

/** What capturing needs from the layers above. */
export interface CaptureHooks extends FunctionSetting {
  /** Encodes a data value; `replace` is asked for every function and class instance inside it, and for the value. */
  readonly encode: (
    value: unknown,
    options: {
      readonly trail: string;
      readonly replace: (value: object, trail: string) => Placeholder | undefined;
      /** Told of every known class that a value is an instance of. */
      readonly onClass: (known: KnownClass, trail: string) => void;
    },
  ) => Encoded;
  /**
   * Asked for every function and every object that is captured. Gives what travels for it, undefined for a value it
   * does not know, or throws to refuse it.
   */
  readonly replace?: (value: object, trail: string) => KnownValue | undefined;
  /** Asked for every class that is captured. */
  readonly classOf?: (owner: AnyFunction) => KnownClass | undefined;
}
