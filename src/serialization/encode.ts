import { canonicalJson } from './canonical.ts';
import { type ClassOf, EncodeSession, type Refer, type Replace } from './encode-session.ts';
import { withinLimits } from './engine-limits.ts';
import type { JsonValue } from './format.ts';
import { plainness } from './plain.ts';
import { Trail } from './trail.ts';
import { ValueWriter } from './writer.ts';

/** What `encodeValue` takes besides the value. */
export interface EncodeOptions {
  /** First words of the trail in error messages, for instance `fraction → argument 1`. */
  readonly trail?: string;
  /** What the items of an outermost array are called in the trail: with `argument` the first is `argument 1`. */
  readonly items?: string;
  /** The value is a result: advice is for who returns it, and not for who passes it. */
  readonly isResult?: boolean;
  /** Asked first, once, for every function and every object that is no plain array or plain object. */
  readonly refer?: Refer;
  /** Asked next. */
  readonly replace?: Replace;
  /** Asked once for each registered class: what stands beside an instance for the class, for who has not registered it. */
  readonly classOf?: ClassOf;
}

/** A value as text. */
export interface EncodedValue {
  /** JSON that keeps the value's own order of keys; see `format.ts`. */
  readonly text: string;
  /** Canonical: equal values give equal keys whatever the order of their keys, different values different ones. */
  readonly key: string;
  /** Binary parts of 64 KiB and more, copied, in the order in which `text` tells their size and sha256. */
  readonly blobs: readonly Uint8Array[];
}

/**
 * Encodes a value exactly, or refuses it.
 *
 * Everything plain travels, and `undefined`, holes, `NaN`, `-0`, bigint, registered symbols, Date, Map, Set, URL,
 * RegExp, typed arrays, Buffers, errors, shared and circular references, and registered classes. What is kept of
 * errors of a class of one's own is told in `error-kind.ts`. Not kept: whether an object is frozen, and hidden
 * properties of errors and of arrays above 1,000 items.
 *
 * ```ts
 * const { text, key, blobs } = encodeValue([1, new Map([['a', 2n]])], { trail: 'fraction', items: 'argument' });
 * const again = decodeValue(text, { blobs });
 * ```
 *
 * @throws `VALUE_NOT_ENCODABLE` for what cannot travel, naming the way to it; `VALUE_TOO_DEEP` below 1,000 levels.
 */
export function encodeValue(value: unknown, options: EncodeOptions = {}): EncodedValue {
  return withinLimits(options.trail ?? 'the value', () => {
    const found = plainness(value);
    return found === 'special' ? encodeSpecial(value, options) : encodePlain(value, found === 'sorted');
  });
}

/** Encodes a value that JSON can say. */
export function encodePlain(value: unknown, isSorted: boolean): EncodedValue {
  const text = JSON.stringify(value);
  return { text, key: isSorted ? text : canonicalJson(value as JsonValue), blobs: NO_BLOBS };
}

const NO_BLOBS: readonly Uint8Array[] = Object.freeze([]);

function encodeSpecial(value: unknown, options: EncodeOptions): EncodedValue {
  const { trail, items } = options;
  const session = new EncodeSession(options);
  const written = (sorts: boolean): ValueWriter => {
    const writer = new ValueWriter(session, { trail: new Trail(trail, items), sorts });
    writer.write(value);
    return writer;
  };
  const first = written(false);
  // Only now it is known which views share their bytes.
  const { text, blobs, isCanonical } = session.memory.settle() ? written(false) : first;
  return { text, key: isCanonical ? text : written(true).text, blobs };
}
