import { PipeError } from '../errors.ts';

/**
 * A value as JSON can hold it, for other programs to read: what JSON has no word for becomes the nearest it has.
 * undefined, NaN and infinities: null · bigint, URL, RegExp: text · Date: ISO 8601 · Map: object where all keys are
 * texts, else list of pairs · Set, typed array: list · Buffer: base64 · Error: name, message and code · function: its
 * source · an object inside itself: null.
 */
export function plainJson(value: unknown): unknown {
  return convert(value, new Set(), { left: MOST_OBJECTS });
}

// What is shared stands in JSON as often as it is met: thirty objects that name the next twice would be a thousand million.
const MOST_OBJECTS = 10_000_000;

function convert(value: unknown, above: ReadonlySet<object>, room: { left: number }): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'function') return String(value);
  if (typeof value !== 'object' || above.has(value)) return null;
  // An array of holes is as short as one can be, in the queue.
  const isHollow = Array.isArray(value) && value.length > MOST_OBJECTS && !isDense(value);
  if (room.left-- <= 0 || isHollow) {
    throw new PipeError(
      'VALUE_NOT_ENCODABLE',
      'A value has so many holes, or holds some objects so often, that its JSON would have more than 10,000,000 parts. Read it in a script: queue.task(id).result.',
    );
  }
  const inside = new Set([...above, value]);
  return convertObject(value, (part) => convert(part, inside, room));
}

function convertObject(value: object, convertPart: (part: unknown) => unknown): unknown {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof URL || value instanceof RegExp) return String(value);
  if (Buffer.isBuffer(value)) return value.toString('base64');
  if (ArrayBuffer.isView(value)) return value instanceof DataView ? null : numbersOf(value).map(convertPart);
  if (value instanceof Set || Array.isArray(value)) return Array.from(value, convertPart);
  if (value instanceof Map) return convertMap(value, convertPart);
  if (value instanceof Error) return convertError(value);
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, convertPart(part)]));
}

function isDense(array: readonly unknown[]): boolean {
  return Object.keys(array).length === array.length;
}

function numbersOf(view: ArrayBufferView): readonly unknown[] {
  return Array.from(view as ArrayBufferView & ArrayLike<number | bigint>);
}

function convertMap(map: ReadonlyMap<unknown, unknown>, convertPart: (part: unknown) => unknown): unknown {
  const pairs = Array.from(map, ([key, part]) => [key, convertPart(part)] as const);
  if (pairs.every(([key]) => typeof key === 'string')) return Object.fromEntries(pairs);
  return pairs.map(([key, part]) => [convertPart(key), part]);
}

function convertError(error: Error): unknown {
  const code = 'code' in error ? { code: String(error.code) } : {};
  return { name: error.name, message: error.message, ...code };
}
