import { hash } from 'node:crypto';
import { types } from 'node:util';
import { canonicalJson, canonicalKeys } from './canonical.ts';
import type { EncodeSession, Replacement } from './encode-session.ts';
import { BLOB_BYTES, type JsonValue } from './format.ts';
import type { Sink } from './kind.ts';
import { kindOf, tagOf } from './kinds.ts';
import { OpenObjects } from './open-objects.ts';
import { propertyNames } from './own-keys.ts';
import { reasonAgainst, refusal } from './refusal.ts';
import { classOfInstance, ownRegistrationOf, type RegisteredClass, type Registration } from './registry.ts';
import { scalarText } from './scalars.ts';
import { holesText, itemIndices, shapeOf } from './shape.ts';
import type { SharedMemory } from './shared-memory.ts';
import type { Step, Trail } from './trail.ts';

/** Writes one value, with its own order of keys or in canonical order. */
export class ValueWriter implements Sink {
  text = '';
  /** Whether the canonical text would be the same. */
  isCanonical = true;
  readonly blobs: Uint8Array[] = [];
  readonly trail: Trail;
  readonly memory: SharedMemory;
  readonly #session: EncodeSession;
  readonly #sorts: boolean;
  readonly #open: OpenObjects;

  constructor(session: EncodeSession, options: { readonly trail: Trail; readonly sorts: boolean }) {
    this.#session = session;
    this.memory = session.memory;
    this.trail = options.trail;
    this.#open = new OpenObjects(options.trail);
    this.#sorts = options.sorts;
  }

  write(value: unknown): void {
    if ((typeof value === 'object' && value !== null) || typeof value === 'function')
      this.#writeObject(value);
    else this.text += scalarText(value, this.trail);
  }

  put(text: string): void {
    this.text += text;
  }

  child(step: Step, value: unknown): void {
    this.trail.push(step);
    this.write(value);
    this.trail.pop();
  }

  properties(value: object, keys: readonly string[]): void {
    const sorted = canonicalKeys(keys);
    if (sorted !== keys) this.isCanonical = false;
    let before = '{';
    for (const key of this.#sorts ? sorted : keys) {
      this.text += `${before}${JSON.stringify(key)}:`;
      this.child(key, Reflect.get(value, key));
      before = ',';
    }
    this.text += before === '{' ? '{}' : '}';
  }

  bytes(owner: ArrayBuffer | ArrayBufferView): void {
    const bytes = ArrayBuffer.isView(owner)
      ? new Uint8Array(owner.buffer, owner.byteOffset, owner.byteLength)
      : new Uint8Array(owner);
    if (bytes.byteLength < BLOB_BYTES) {
      this.text += `"${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')}"`;
      return;
    }
    const blob = this.#session.blobOf(owner, bytes);
    this.blobs.push(blob.bytes);
    this.text += `{"bytes":${blob.bytes.byteLength},"sha256":"${blob.sha256}"}`;
  }

  #writeObject(value: object): void {
    const shape = shapeOf(value);
    const replacement = shape === 'other' ? this.#session.replacementOf(value, this.trail) : undefined;
    this.#writeOnce(replacement ?? value, () => {
      if (replacement !== undefined) this.#writeReplacement(replacement);
      else if (shape === 'array') this.#writeArray(value as readonly unknown[]);
      else if (shape === 'other') this.#writeOther(value);
      else this.#writeRecord(value, shape);
    });
  }

  #writeReplacement({ tag, body, key = body, blobs = [] }: Replacement): void {
    const text = JSON.stringify(body);
    const sorted = isScalar(key)
      ? JSON.stringify(key)
      : canonicalJson(JSON.parse(JSON.stringify(key)) as JsonValue);
    if (sorted !== text || blobs.length > 0) this.isCanonical = false;
    this.text += `{"$":${JSON.stringify(`@${tag}`)},"v":${this.#sorts ? sorted : text}`;
    if (blobs.length > 0 && !this.#sorts) {
      const parts = blobs.map((bytes) => {
        this.blobs.push(bytes);
        return { bytes: bytes.byteLength, sha256: hash('sha256', bytes) };
      });
      this.text += `,"blobs":${JSON.stringify(parts)}`;
    }
    this.text += '}';
  }

  #writeArray(array: readonly unknown[]): void {
    const indices = itemIndices(array, this.trail);
    let next = 0;
    let before = '[';
    for (const index of indices) {
      if (index > next) {
        this.text += `${before}${holesText(index - next)}`;
        before = ',';
      }
      this.text += before;
      this.child(index, array[index]);
      before = ',';
      next = index + 1;
    }
    if (array.length > next) this.text += `${before}${holesText(array.length - next)}`;
    this.text += array.length === 0 ? '[]' : ']';
  }

  #writeRecord(value: object, shape: 'object' | 'null'): void {
    const keys = propertyNames(value, this.trail);
    const tag = shape === 'null' ? 'null' : Object.hasOwn(value, '$') ? 'Object' : undefined;
    if (tag !== undefined) this.text += `{"$":"${tag}","v":`;
    this.properties(value, keys);
    if (tag !== undefined) this.text += '}';
  }

  #writeOther(value: object): void {
    const isProxy = types.isProxy(value);
    const known = isProxy ? undefined : classOfInstance(value);
    const how = known?.how ?? (isProxy ? undefined : ownRegistrationOf(value));
    if (how !== undefined) {
      this.#writeInstance(value, how, known);
      return;
    }
    const tag = isProxy ? undefined : tagOf(value);
    const kind = tag === undefined ? undefined : kindOf(tag);
    if (kind === undefined) throw refusal(this.trail, reasonAgainst(value, this.#session.isResult));
    this.text += `{"$":"${tag}","v":`;
    kind.write(value, this);
    this.text += '}';
  }

  #writeInstance(value: object, how: Registration, known: RegisteredClass | undefined): void {
    const data = this.#session.dataOf(value, how, this.trail);
    this.text += `{"$":${JSON.stringify(`class ${how.name}`)},"v":`;
    this.#open.closed(() => this.child(() => '.encode()', data));
    const by = known && this.#session.classOf(known, this.trail);
    if (by !== undefined) {
      this.text += ',"by":';
      this.#writeOnce(by, () => this.#writeReplacement(by));
    }
    this.text += '}';
  }

  /** Writes an object, or a reference to it where it was written before. */
  #writeOnce(key: object, write: () => void): void {
    const number = this.#open.enter(key);
    if (number !== undefined) {
      this.text += `{"$":"Ref","v":${number}}`;
      return;
    }
    write();
    this.#open.leave();
  }
}

function isScalar(value: JsonValue): boolean {
  return typeof value !== 'object' || value === null;
}
