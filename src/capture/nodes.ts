import type { AnyFunction } from './any-function.ts';
import type { FunctionFacts } from './function-facts.ts';
import type { ImportBinding } from './import-table.ts';
import type { Trail } from './refusal.ts';
import type { ModuleService } from './runner-wrappers.ts';
import type { SourceFile } from './source-file.ts';

/** What JSON can say. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** What a name or a member refers to, while a graph is built. */
export type Link =
  | { readonly kind: 'inline'; readonly value: Json }
  | { readonly kind: 'unit'; readonly unit: UnitNode }
  | { readonly kind: 'object'; readonly entry: ObjectEntry }
  | { readonly kind: 'data'; readonly group: DataGroup }
  | { readonly kind: 'global'; readonly path: readonly string[] }
  | ImportLink
  | { readonly kind: 'builtin'; readonly specifier: string; readonly path: readonly string[] }
  | { readonly kind: 'cell'; readonly cell: CellNode }
  | { readonly kind: 'service'; readonly service: ModuleService; readonly file: SourceFile }
  | { readonly kind: 'part'; readonly root: PartRoot };

export interface ImportLink {
  readonly kind: 'import';
  readonly binding: ImportBinding;
  readonly file: SourceFile;
  /** The module may say of itself that it was compiled from an ES module, which compilers' interop looks at. */
  readonly isFlagged: boolean;
}

/** A class whose instances travel by functions that the layers above know. */
export interface KnownClass {
  /** Undefined where only instances of it are known. */
  readonly owner: object | undefined;
  readonly how: {
    readonly name: string;
    readonly encode: (value: never) => unknown;
    readonly decode: (data: never) => unknown;
  };
}

/** A function that is a program of its own: that of an app, or a factory. */
export interface PartRoot {
  readonly fn: AnyFunction;
  readonly name: string;
  /** What `this` is in the function; a static method gets its class. */
  readonly receiver: object | undefined;
  /** Values that its variables of these names are to have, whatever they hold in the script. */
  readonly uses: Readonly<Record<string, unknown>>;
  /** A class that the function is captured for. */
  readonly madeFor?: KnownClass | undefined;
}

/** A class whose instances travel by functions. */
export interface ClassNode {
  readonly name: string;
  /** Undefined for a class of a package that only instances refer to. */
  owner: Link | undefined;
  readonly encode: Link;
  readonly decode: Link;
}

/** What the text of a function tells, together with the values that it refers to. */
interface UnitFacts extends FunctionFacts {
  /** Modules that it loads while it runs, as far as they are known. */
  readonly imports: string[];
}

/** A function or class, with what its names refer to. */
export interface UnitNode {
  readonly fn: AnyFunction;
  readonly trail: Trail;
  readonly facts: UnitFacts;
  readonly links: Map<string, Link>;
  /** Own properties, and those of its prototype, that its text does not give it. */
  readonly properties: Map<string, Link>;
  readonly members: Map<string, Link>;
}

/** An object that names refer to: wholly, or only by some of its members. */
export interface ObjectEntry {
  readonly value: object;
  readonly trail: Trail;
  /** The object stands for a module, whose exports are its members. */
  readonly isModule: boolean;
  /** Set when the object travels as a whole. */
  group: DataGroup | undefined;
  readonly members: Map<string, Link>;
  /** Members of a module that functions assign: as good as variables. */
  readonly written: Map<string, CellNode>;
  /** A function hands the whole module on, to what may change its members. */
  isHandedOn: boolean;
}

/** Values that share objects, and so are encoded as one. */
export interface DataGroup {
  readonly trail: Trail;
  readonly roots: unknown[];
  /** What stands in the encoded text for functions and for values of the layer above, in order. */
  links: Link[];
  encoded: Encoded | undefined;
}

export interface Encoded {
  readonly text: string;
  readonly key: string;
  readonly blobs: readonly Uint8Array[];
}

/** A variable of an own module that its functions assign. */
export interface CellNode {
  readonly trail: Trail;
  initial: Link;
}

/** The name that a function has by itself. */
export function ownName(fn: AnyFunction): string {
  const name: unknown = Object.getOwnPropertyDescriptor(fn, 'name')?.value;
  return typeof name === 'string' ? name : '';
}
