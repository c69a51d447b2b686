import type { SharedMemory } from './shared-memory.ts';
import type { Step, Trail } from './trail.ts';

/** How the values of one built-in class are written below `"v"`, and read again. */
export interface Kind<T extends object = object> {
  /** Whether the value is a genuine one, with the inner parts of its class and not only its prototype. */
  is(value: object): value is T;
  write(value: T, sink: Sink): void;
  /** A kind whose values hold others hands the new object to `keep` before it reads them, for circles. */
  read(body: unknown, source: Source, keep: (value: T) => void): T;
}

/** Where a kind writes to. */
export interface Sink {
  readonly trail: Trail;
  readonly memory: SharedMemory;
  put(text: string): void;
  /** Writes a value that stands one step further in. */
  child(step: Step, value: unknown): void;
  /** Writes `{…}` with these own properties of an object; none of them an accessor. */
  properties(value: object, keys: readonly string[]): void;
  /** Writes the bytes of a view or an ArrayBuffer, in the text or beside it. */
  bytes(owner: ArrayBuffer | ArrayBufferView): void;
}

/** Where a kind reads from. */
export interface Source {
  /** Reads a value that stands inside another. */
  child(node: unknown): unknown;
  /** Gives an object these own properties, read as values. */
  properties(target: object, nodes: unknown): void;
  /** Bytes in memory of their own. */
  bytes(node: unknown): ArrayBuffer;
}
