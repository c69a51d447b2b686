import type { AnyFunction } from './any-function.ts';
import type { Loaded } from './imports.ts';
import type { Json } from './nodes.ts';
import type { Program } from './program.ts';
import type { PlacedIsland } from './program-format.ts';
import type { UnitMaker } from './unit-script.ts';

/** A program inside another: the function of an app, or a factory, that the captured function refers to. */
export interface ProgramPart {
  /** The function, in the same copy of the program. */
  readonly fn: () => AnyFunction;
  /** The same program that capturing the function by itself gives. */
  readonly program: () => Program;
}

/** A class that came with a function. */
export interface LoadedClass {
  /** Undefined for a class of a package that only instances refer to. */
  readonly owner: AnyFunction | undefined;
  readonly how: {
    readonly name: string;
    readonly encode: (value: unknown) => unknown;
    readonly decode: (data: unknown) => unknown;
  };
}

export interface LoadOptions {
  /** Some hex digits, fewer than 16, that tell this program from others here; by default made of its text. */
  readonly key?: string;
  readonly blobs: readonly Uint8Array[];
  readonly decode: (
    text: string,
    options: {
      readonly blobs: readonly Uint8Array[];
      readonly revive: (tag: string, body: Json) => unknown;
      readonly classes: (name: string) => LoadedClass['how'] | undefined;
    },
  ) => unknown;
  /** Makes a value of the layers above again, from what `replace` gave for it. */
  readonly revive?: (tag: string, body: Json, parts: readonly ProgramPart[]) => unknown;
}

/** An island with its scripts compiled and its imports loaded. */
export interface LoadedIsland {
  readonly placed: PlacedIsland;
  readonly makers: readonly UnitMaker[];
  readonly imports: readonly Loaded[];
  readonly isShared: boolean;
}
