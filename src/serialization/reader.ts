import { hash } from 'node:crypto';
import { PipeError } from '../errors.ts';
import { DEPTH_LIMIT, type JsonValue } from './format.ts';
import type { Source } from './kind.ts';
import { kindOf } from './kinds.ts';
import { expectCount, expectList, expectProperties, expectString, malformed } from './malformed.ts';
import { tooDeep } from './open-objects.ts';
import { adoptClassOf, ownRegistrationNamed, type Registration, registrationNamed } from './registry.ts';
import { SCALAR_READERS } from './scalars.ts';

/** What the reader needs besides the text. */
export interface ReaderOptions {
  /** Makes the value again that `replace` gave this tag and body for. */
  readonly revive?: (tag: string, body: JsonValue, blobs: readonly Uint8Array[]) => unknown;
  /** How classes travel, by name; goes before what is registered here, and before what stands beside the instance. */
  readonly classes?: (name: string) => Registration | undefined;
  /** The blobs that `encodeValue` gave with the text, in the same order. */
  readonly blobs?: readonly Uint8Array[];
}

// Holds the number of an object that cannot be referred to before it is complete.
const INCOMPLETE = Symbol('incomplete');

/** Turns the parsed JSON of one value into the value; arrays and plain objects of the JSON are reused. */
export class ValueReader implements Source {
  readonly #options: ReaderOptions;
  readonly #objects: unknown[] = [];
  #depth = 0;
  #blobsRead = 0;

  constructor(options: ReaderOptions) {
    this.#options = options;
  }

  child(node: unknown): unknown {
    if (typeof node !== 'object' || node === null) return node;
    if (Array.isArray(node)) return this.#object((keep) => this.#array(node, keep));
    if (Object.hasOwn(node, '$')) return this.#tagged(node);
    return this.#object((keep) => {
      keep(node);
      this.#readInPlace(node);
      return node;
    });
  }

  properties(target: object, nodes: unknown): void {
    for (const [key, node] of Object.entries(expectProperties(nodes, 'object'))) {
      const value = this.child(node);
      Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
    }
  }

  bytes(node: unknown): ArrayBuffer {
    if (typeof node !== 'string') return this.#blob(node);
    const bytes = Buffer.from(node, 'base64');
    // The decoder of Node skips what is no base64.
    if (bytes.toString('base64') !== node) throw malformed('Stored bytes are no base64.');
    return ownMemory(bytes);
  }

  /** Numbers an object, reads it, and makes it known under its number, at once if it calls `keep`. */
  #object<T>(read: (keep: (value: T) => void) => T): T {
    if (++this.#depth > DEPTH_LIMIT) throw tooDeep('The stored value');
    const number = this.#objects.push(INCOMPLETE) - 1;
    const value = read((kept) => {
      this.#objects[number] = kept;
    });
    this.#objects[number] = value;
    this.#depth--;
    return value;
  }

  // The keys are own properties of what JSON.parse made, `__proto__` too, so that assigning reaches no prototype.
  #readInPlace(target: object): void {
    for (const key of Object.keys(target)) {
      const node: unknown = Reflect.get(target, key);
      if (typeof node === 'object' && node !== null) Reflect.set(target, key, this.child(node));
    }
  }

  #array(nodes: unknown[], keep: (array: unknown[]) => void): unknown[] {
    if (!nodes.some(isHole)) {
      keep(nodes);
      for (const [index, node] of nodes.entries()) {
        if (typeof node === 'object' && node !== null) nodes[index] = this.child(node);
      }
      return nodes;
    }
    const array: unknown[] = [];
    keep(array);
    for (const node of nodes) {
      if (isHole(node)) array.length = longer(array, expectCount(Reflect.get(node, 'v'), 'hole'));
      else array[longer(array, 1) - 1] = this.child(node);
    }
    return array;
  }

  #tagged(node: object): unknown {
    const { $: name, v: body, ...rest } = expectProperties(node, 'value');
    const tag = expectString(name, 'tag');
    const beside = tag.startsWith('class ') ? 'by' : tag.startsWith('@') ? 'blobs' : undefined;
    if (Object.keys(rest).some((key) => key !== beside))
      throw malformed(`A stored ${tag} has an unknown part.`);
    const scalar = SCALAR_READERS.get(tag);
    if (scalar !== undefined) return scalar(body);
    if (tag === 'Ref') return this.#reference(body);
    if (tag.startsWith('@')) return this.#object(() => this.#revived(tag.slice(1), body, rest.blobs));
    if (tag.startsWith('class '))
      return this.#object(() => this.#instance(tag.slice('class '.length), body, rest.by));
    return this.#object((keep: (value: unknown) => void) => this.#taggedObject(tag, body, keep));
  }

  #taggedObject(tag: string, body: unknown, keep: (value: unknown) => void): unknown {
    if (tag === 'null' || tag === 'Object') {
      const target: object = tag === 'null' ? Object.create(null) : {};
      keep(target);
      this.properties(target, body);
      return target;
    }
    const kind = kindOf(tag);
    if (kind === undefined) throw malformed(`A stored value is of the unknown kind ${JSON.stringify(tag)}.`);
    return kind.read(body, this, keep);
  }

  #reference(body: unknown): unknown {
    const number = expectCount(body, 'Ref');
    const value = number < this.#objects.length ? this.#objects[number] : INCOMPLETE;
    if (value === INCOMPLETE)
      throw malformed(`A stored Ref names object ${number}, which has not ended before it.`);
    return value;
  }

  #revived(tag: string, body: unknown, blobs: unknown): unknown {
    if (this.#options.revive === undefined) throw unknownClass(`a ${tag}`, 'Read it through the queue');
    const bytes =
      blobs === undefined ? [] : expectList(blobs, tag).map((blob) => new Uint8Array(this.#blob(blob)));
    return this.#options.revive(tag, body as JsonValue, bytes);
  }

  #instance(name: string, body: unknown, by: unknown): unknown {
    const data = this.child(body);
    const beside = by === undefined ? undefined : this.child(by);
    const own = ownRegistrationNamed(name);
    const here = own ?? this.#options.classes?.(name) ?? registrationNamed(name);
    const registration = here ?? (beside as Registration | undefined);
    if (registration === undefined) {
      throw unknownClass(
        `an instance of ${name}`,
        `Import the module that calls registerClass for "${name}"`,
      );
    }
    try {
      const value = registration.decode(data);
      if (own === undefined) adoptClassOf(value, registration);
      return value;
    } catch (cause) {
      const message = `The decode registered for "${name}" failed: ${cause}. It has to read what older versions of the class stored.`;
      throw new PipeError('VALUE_MALFORMED', message, { cause });
    }
  }

  #blob(node: unknown): ArrayBuffer {
    const { bytes, sha256 } = expectProperties(node, 'binary part');
    const index = this.#blobsRead++;
    const blob = this.#options.blobs?.[index];
    if (blob === undefined) throw malformed(`Blob ${index} of a stored value is missing.`);
    if (blob.byteLength !== bytes || hash('sha256', blob) !== sha256) {
      throw malformed(`Blob ${index} of a stored value is not the one that was stored with it.`);
    }
    return ownMemory(blob);
  }
}

function ownMemory(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}

function isHole(node: unknown): node is object {
  return (
    typeof node === 'object' && node !== null && Object.hasOwn(node, '$') && Reflect.get(node, '$') === 'hole'
  );
}

function longer(array: readonly unknown[], by: number): number {
  const length = array.length + by;
  if (length < 2 ** 32) return length;
  throw malformed('A stored array has more holes than an array can be long.');
}

function unknownClass(what: string, cure: string): PipeError {
  return new PipeError(
    'VALUE_CLASS_UNKNOWN',
    `A stored value holds ${what}, which this process cannot make. ${cure}.`,
  );
}
