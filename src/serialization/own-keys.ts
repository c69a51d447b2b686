import { refusal } from './refusal.ts';
import { shortText, type Trail } from './trail.ts';

/** The names of the properties of a plain object; refuses what could only be dropped: symbols, accessors, hidden ones. */
export function propertyNames(value: object, trail: Trail): readonly string[] {
  const keys = Reflect.ownKeys(value);
  for (const key of keys) assertPlainProperty(value, key, trail);
  return keys.filter((key) => typeof key === 'string');
}

/** Refuses an own property of a plain object that is named by a symbol, is an accessor or is hidden. */
export function assertPlainProperty(value: object, key: string | symbol, trail: Trail): void {
  const property = Object.getOwnPropertyDescriptor(value, key);
  const accessor = property?.get !== undefined || property?.set !== undefined;
  if (typeof key === 'string' && property?.enumerable === true && !accessor) return;
  trail.push(typeof key === 'symbol' ? () => `[${String(key)}]` : key);
  if (typeof key === 'symbol') {
    throw refusal(trail, { what: 'a property named by a symbol cannot travel', cure: 'Name it by a string' });
  }
  throw refusal(trail, {
    what: accessor ? 'a getter or setter cannot travel' : 'a property hidden from enumeration cannot travel',
    cure: accessor ? 'Pass a plain copy, for instance { ...value }' : 'Make it enumerable or leave it out',
  });
}

/** Refuses properties that somebody added to a value of a built-in class, as `allowed` are its own. */
export function assertNoExtras(value: object, trail: Trail, allowed: readonly string[] = []): void {
  const extra = Reflect.ownKeys(value).find((key) => typeof key === 'symbol' || !allowed.includes(key));
  if (extra !== undefined) throw extraProperty(trail, extra);
}

/** The error for a property that has no place beside the items of an array or the bytes of a view. */
export function extraProperty(trail: Trail, key?: string | symbol): Error {
  const named = key === undefined ? 'properties beside its items' : `the extra property ${keyText(key)}`;
  return refusal(trail, {
    what: `${named} would be lost on the way to a worker`,
    cure: 'Put it beside the value, for instance in an object { value, … }',
  });
}

function keyText(key: string | symbol): string {
  return typeof key === 'symbol' ? String(key) : shortText(key);
}
