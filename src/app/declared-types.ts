import { PipeError } from '../errors.ts';
import { showValue } from '../util/index.ts';
import { isFuture, Settled } from './reference.ts';

/** What a compiler noted of the parameters of a function, in `design:paramtypes`: a constructor for each. */
export type DeclaredTypes = readonly unknown[];

export interface DeclaredParameters {
  /** Of the app, for messages. */
  readonly name: string;
  /** Names by position: `...rest` for a rest parameter. */
  readonly parameters: readonly string[];
  readonly types: DeclaredTypes;
}

/** Throws `ARGUMENT_INVALID` for an argument that is plainly of another kind than its parameter was declared. */
export function checkDeclaredTypes(args: readonly unknown[], declared: DeclaredParameters): void {
  const { name, parameters, types } = declared;
  for (const [position, value] of args.entries()) {
    const at = Math.min(position, parameters.length - 1);
    const parameter = parameters[at] ?? '';
    const isRest = parameter.startsWith('...');
    // Of a rest parameter some compilers note the type of its items, others that it is an array.
    if (at !== position && !isRest) return;
    if (isRest && types[at] === Array) return;
    if (fits(value, types[at])) continue;
    throw new PipeError(
      'ARGUMENT_INVALID',
      `${name} → ${isRest ? parameter.slice(3) : parameter}: declared as ${nameOf(types[at])}, given ${showValue(value)}. Convert the value, or change the declared type.`,
    );
  }
}

const TYPE_NAMES: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  [String, 'string'],
  [Number, 'number'],
  [Boolean, 'boolean'],
  [BigInt, 'bigint'],
  [Symbol, 'symbol'],
  [Function, 'function'],
]);

/** Of other classes a plain object may stand for an instance. */
const BUILT_IN: ReadonlySet<unknown> = new Set<unknown>([
  Date,
  RegExp,
  Map,
  Set,
  URL,
  Buffer,
  ArrayBuffer,
  SharedArrayBuffer,
  DataView,
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
]);

function fits(value: unknown, type: unknown): boolean {
  if (typeof type !== 'function' || type === Object) return true;
  if (value === undefined || value === null || isFuture(value) || value instanceof Settled) return true;
  const primitive = TYPE_NAMES.get(type);
  if (primitive !== undefined) return typeof value === primitive || value instanceof type;
  if (type === Array) return Array.isArray(value);
  const isObject = typeof value === 'object' || typeof value === 'function';
  if (!BUILT_IN.has(type)) return isObject;
  // The tag tells what comes from another realm, such as a vm context.
  return value instanceof type || Object.prototype.toString.call(value) === `[object ${type.name}]`;
}

function nameOf(type: unknown): string {
  return TYPE_NAMES.get(type) ?? (typeof type === 'function' ? type.name : String(type));
}
