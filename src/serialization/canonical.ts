import type { JsonValue } from './format.ts';

/**
 * The JSON text of a JSON value with the keys of every object in canonical order. Equal values give equal text,
 * whatever the order of their keys.
 */
export function canonicalJson(value: JsonValue): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members = canonicalKeys(Object.keys(value)).map(
    (key) => `${JSON.stringify(key)}:${canonicalJson(value[key] ?? null)}`,
  );
  return `{${members.join(',')}}`;
}

/** The keys in canonical order, by UTF-16 code units; the same array when they stand so already. */
export function canonicalKeys(keys: readonly string[]): readonly string[] {
  return keys.every((key, index) => index === 0 || String(keys[index - 1]) < key) ? keys : [...keys].sort();
}

function isList(value: object): value is readonly JsonValue[] {
  return Array.isArray(value);
}
