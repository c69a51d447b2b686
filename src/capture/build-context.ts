import type { AnyFunction } from './any-function.ts';
import type { DataPlace } from './data-walk.ts';
import type { CaptureHooks, KnownFunction, KnownValue } from './hooks.ts';
import type { Encoded, KnownClass, PartRoot } from './nodes.ts';
import type { Trail } from './refusal.ts';
import type { Secrets } from './secrets.ts';
import type { SizeLimit } from './sizes.ts';
import type { Variables } from './variables.ts';
import type { WatchedMembers } from './watched.ts';

/** A group of values as it was encoded, with what its placeholders stand for. */
export interface EncodedGroup {
  readonly roots: readonly unknown[];
  readonly encoded: Encoded;
  readonly placeholders: readonly PlaceholderValue[];
  readonly classes: readonly { readonly known: KnownClass; readonly trail: string }[];
}

/** A function or object that a placeholder stands for, or a program that belongs to a known value. */
export type PlaceholderValue =
  | { readonly value: object; readonly trail: string }
  | { readonly root: PartRoot };

/** What the graphs of one capture share. */
export interface BuildContext {
  readonly hooks: CaptureHooks;
  readonly variables: Variables;
  readonly snapshots: Snapshots;
  readonly watched: WatchedMembers;
  readonly secrets: Secrets;
  /** What is seen before anything is encoded, so that too much is refused before it takes the memory twice. */
  readonly foreseen: SizeLimit;
  readonly sizes: SizeLimit;
  /** The same root for the same function, so that a function that calls itself as an app is one program. */
  readonly part: (known: KnownFunction) => PartRoot;
}

/** What a walk over data met, for the next one over the same data. */
export interface WalkRecord {
  readonly objects: object[];
  readonly functions: {
    readonly value: AnyFunction;
    readonly trail: Trail;
    readonly place: DataPlace | undefined;
  }[];
  bytes: number;
}

/** What data held when it was first captured. */
export class Snapshots {
  readonly #members = new Map<object, Map<string, unknown>>();
  readonly #groups = new Map<unknown, EncodedGroup>();
  readonly #walks = new Map<object, WalkRecord>();
  readonly #known = new Map<object, KnownValue | undefined>();
  readonly #exports = new Map<object, Map<string, unknown>>();
  readonly #exportsOf: Snapshots;

  /** With snapshots to take the values of exports from, as those of variables, which are not read again either. */
  constructor(exportsOf?: Snapshots) {
    this.#exportsOf = exportsOf ?? this;
  }

  member(object: object, key: string): unknown {
    const members = this.#members.get(object) ?? new Map<string, unknown>();
    this.#members.set(object, members);
    if (!members.has(key)) members.set(key, Reflect.get(object, key));
    return members.get(key);
  }

  /** Exports of modules are variables: they are read as they are at a call. */
  exported(module: object, key: string): unknown {
    const exports = this.#exportsOf.#exports;
    const known = exports.get(module) ?? new Map<string, unknown>();
    exports.set(module, known);
    if (!known.has(key)) known.set(key, Reflect.get(module, key));
    return known.get(key);
  }

  haveExportsChanged(): boolean {
    for (const [module, members] of this.#exports) {
      for (const [key, value] of members) if (!Object.is(Reflect.get(module, key), value)) return true;
    }
    return false;
  }

  forgetExports(): void {
    this.#exports.clear();
  }

  group(roots: readonly unknown[], encode: () => EncodedGroup): EncodedGroup {
    const known = this.#groups.get(roots[0]);
    const isSame =
      known?.roots.length === roots.length && known.roots.every((root, index) => root === roots[index]);
    const group = isSame && known !== undefined ? known : encode();
    this.#groups.set(roots[0], group);
    return group;
  }

  walk(root: object): WalkRecord | undefined {
    return this.#walks.get(root);
  }

  keepWalk(root: object, record: WalkRecord): void {
    this.#walks.set(root, record);
  }

  known(value: object, ask: () => KnownValue | undefined): KnownValue | undefined {
    if (!this.#known.has(value)) this.#known.set(value, ask());
    return this.#known.get(value);
  }
}
