import { types } from 'node:util';

/**
 * Whether two values are the same in all that the codec promises: -0, holes, prototypes, the order of keys, which
 * objects are one and the same. With `anyKeyOrder` the order of the keys of objects is left out.
 */
export function sameValue(left: unknown, right: unknown, options: { anyKeyOrder?: boolean } = {}): boolean {
  const there = new Map<object, object>();
  const back = new Map<object, object>();
  return same(left, right);

  function same(a: unknown, b: unknown): boolean {
    if (!isObject(a) || !isObject(b)) return Object.is(a, b);
    if (there.has(a) || back.has(b)) return there.get(a) === b && back.get(b) === a;
    there.set(a, b);
    back.set(b, a);
    if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
    return same(inner(a), inner(b)) && sameProperties(a, b);
  }

  function sameProperties(a: object, b: object): boolean {
    if (ArrayBuffer.isView(a)) return true;
    const sorts = options.anyKeyOrder === true || types.isNativeError(a);
    const keys = sorts
      ? [Reflect.ownKeys(a).sort(byText), Reflect.ownKeys(b).sort(byText)]
      : [Reflect.ownKeys(a), Reflect.ownKeys(b)];
    const [mine = [], other = []] = keys;
    return (
      mine.length === other.length &&
      mine.every(
        (key, index) =>
          key === other[index] && sameVisibility(a, b, key) && same(Reflect.get(a, key), Reflect.get(b, key)),
      )
    );
  }
}

function sameVisibility(a: object, b: object, key: string | symbol): boolean {
  const isEnumerable = Object.prototype.propertyIsEnumerable;
  return isEnumerable.call(a, key) === isEnumerable.call(b, key);
}

/** What an object holds besides its own properties. The fresh lists stand for themselves on both sides. */
function inner(value: object): unknown {
  if (types.isDate(value)) return value.getTime();
  if (types.isMap(value)) return [...value].flat(1);
  if (types.isSet(value)) return [...value];
  if (types.isRegExp(value)) return String(value);
  if (value instanceof URL) return value.href;
  if (types.isArrayBuffer(value)) return Buffer.from(value).toString('hex');
  if (ArrayBuffer.isView(value)) {
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex');
  }
  return undefined;
}

function byText(a: string | symbol, b: string | symbol): number {
  return String(a) < String(b) ? -1 : 1;
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
