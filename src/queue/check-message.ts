import { PipeError } from '../errors.ts';

/** Tells whether a part of a message is of its kind. */
type IsKind = (value: unknown) => boolean;

export const isText: IsKind = (value) => typeof value === 'string';
export const isNumber: IsKind = (value) => Number.isFinite(value);
export const isRow: IsKind = (value) => Number.isSafeInteger(value) && Number(value) >= 0;
export const isWhole: IsKind = (value) => Number.isSafeInteger(value);
const isObject: IsKind = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

export const orNull =
  (kind: IsKind): IsKind =>
  (value) =>
    value === null || kind(value);
export const optional =
  (kind: IsKind): IsKind =>
  (value) =>
    value === undefined || kind(value);
export const oneOf =
  (...texts: readonly string[]): IsKind =>
  (value) =>
    typeof value === 'string' && texts.includes(value);
export const listOf =
  (kind: IsKind): IsKind =>
  (value) =>
    Array.isArray(value) && value.every((item) => kind(item));
export const tupleOf =
  (...kinds: readonly IsKind[]): IsKind =>
  (value) =>
    Array.isArray(value) && value.length === kinds.length && kinds.every((kind, at) => kind(value[at]));
export const textsByName: IsKind = (value) => isObject(value) && Object.values(value as object).every(isText);

/** An object with these parts. A part of a prototype is none. */
export const objectOf =
  (kinds: Readonly<Record<string, IsKind>>): IsKind =>
  (value) =>
    isObject(value) &&
    Object.entries(kinds).every(([name, kind]) =>
      kind(Object.hasOwn(value as object, name) ? Reflect.get(value as object, name) : undefined),
    );

/** A message by its type. */
export const byType =
  (kinds: Readonly<Record<string, IsKind>>): IsKind =>
  (value) => {
    const type: unknown = isObject(value) ? Reflect.get(value as object, 'type') : undefined;
    const kind = typeof type === 'string' && Object.hasOwn(kinds, type) ? kinds[type] : undefined;
    return kind?.(value) === true;
  };

/** The JSON of a line that is of a kind. Throws `MESSAGE_MALFORMED`. */
export function parseLine(line: string, kind: IsKind): unknown {
  const message = parsed(line);
  if (kind(message)) return message;
  throw malformed(line);
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw malformed(line, cause);
  }
}

function malformed(line: string, cause?: unknown): PipeError {
  const begin = JSON.stringify(line.slice(0, 60));
  return new PipeError(
    'MESSAGE_MALFORMED',
    `Between agent and worker came ${begin}, which neither says. Does a task write to file descriptors that it did not open?`,
    cause === undefined ? undefined : { cause },
  );
}
