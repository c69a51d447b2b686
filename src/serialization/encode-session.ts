import { hash } from 'node:crypto';
import { PipeError } from '../errors.ts';
import type { JsonValue } from './format.ts';
import { refusal } from './refusal.ts';
import type { RegisteredClass, Registration } from './registry.ts';
import { SharedMemory } from './shared-memory.ts';
import type { Trail } from './trail.ts';

/** What the layer above makes of a value the codec does not know: a Future, a function, an app, a file. */
export interface Replacement {
  /** Which kind of value; handed to `revive` with the body. */
  readonly tag: string;
  readonly body: JsonValue;
  /** What counts for the canonical key, where that is not all of the body. */
  readonly key?: JsonValue;
  /** Binary parts that belong to the body; handed to `revive` as well. */
  readonly blobs?: readonly Uint8Array[];
}

/** Asks the layer above for values, Futures say, of which there may be many: to make the text of the trail takes long. */
export type Refer = (value: object) => Replacement | undefined;

/** Asks the layer above. Two values that get the very same replacement object come back as one. */
export type Replace = (value: object, trail: string) => Replacement | undefined;

/** Asks the layer above for what stands for a registered class. */
export type ClassOf = (known: RegisteredClass, trail: string) => Replacement | undefined;

/** Bytes that are kept beside the text. */
interface Blob {
  readonly bytes: Uint8Array;
  readonly sha256: string;
}

interface SessionOptions {
  readonly refer?: Refer;
  readonly replace?: Replace;
  readonly classOf?: ClassOf;
  readonly isResult?: boolean;
}

/** What stays the same while one value is written several times over: answers of callbacks, and copies of bytes. */
export class EncodeSession {
  readonly memory = new SharedMemory();
  readonly isResult: boolean;
  readonly #refer: Refer | undefined;
  readonly #replace: Replace | undefined;
  readonly #replacements = new Map<object, Replacement | undefined>();
  readonly #classOf: ClassOf | undefined;
  readonly #classes = new Map<RegisteredClass, Replacement | undefined>();
  readonly #data = new Map<object, unknown>();
  readonly #blobs = new Map<object, Blob>();

  constructor({ refer, replace, classOf, isResult = false }: SessionOptions) {
    this.#refer = refer;
    this.#replace = replace;
    this.isResult = isResult;
    this.#classOf = classOf;
  }

  classOf(known: RegisteredClass, trail: Trail): Replacement | undefined {
    if (this.#classOf === undefined) return undefined;
    if (!this.#classes.has(known)) this.#classes.set(known, this.#classOf(known, trail.toString()));
    return this.#classes.get(known);
  }

  replacementOf(value: object, trail: Trail): Replacement | undefined {
    if (this.#replacements.has(value)) return this.#replacements.get(value);
    const replacement = this.#refer?.(value) ?? this.#replace?.(value, trail.toString());
    this.#replacements.set(value, replacement);
    return replacement;
  }

  /** What a registered class tells about an instance. */
  dataOf(value: object, how: Registration, trail: Trail): unknown {
    const { name } = how;
    if (!this.#data.has(value)) this.#data.set(value, encoded());
    return this.#data.get(value);

    function encoded(): unknown {
      try {
        return how.encode(value);
      } catch (cause) {
        if (cause instanceof PipeError) throw cause;
        const cure = `Mend the encode that was registered for "${name}"`;
        throw refusal(trail, { what: `an instance of ${name} could not be encoded: ${cause}`, cure }, cause);
      }
    }
  }

  /** A copy of the bytes, since the owner may change them before they are stored. */
  blobOf(owner: object, bytes: Uint8Array): Blob {
    const known = this.#blobs.get(owner);
    if (known !== undefined) return known;
    const copy = new Uint8Array(bytes);
    const blob = { bytes: copy, sha256: hash('sha256', copy) };
    this.#blobs.set(owner, blob);
    return blob;
  }
}
