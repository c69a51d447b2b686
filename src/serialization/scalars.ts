import { DIGITS_LIMIT } from './format.ts';
import { malformed } from './malformed.ts';
import { refusal } from './refusal.ts';
import type { Trail } from './trail.ts';

/** Anything but an object or a function. */
type Scalar = undefined | null | boolean | number | bigint | string | symbol;

/** The text of a value that is no object and no function. */
export function scalarText(value: unknown, trail: Trail): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'number':
      return numberText(value);
    case 'bigint':
      return `{"$":"bigint","v":"${bigintDigits(value, trail)}"}`;
    case 'undefined':
      return '{"$":"undefined"}';
    case 'symbol':
      return `{"$":"symbol","v":${JSON.stringify(symbolKey(value, trail))}}`;
    default:
      return String(value);
  }
}

/** The readers of what `scalarText` marks with a tag. */
export const SCALAR_READERS: ReadonlyMap<string, (body: unknown) => Scalar> = new Map<
  string,
  (body: unknown) => Scalar
>([
  ['undefined', readUndefined],
  ['number', readNumber],
  ['bigint', readBigint],
  ['symbol', readSymbol],
]);

function numberText(value: number): string {
  if (Number.isFinite(value) && !Object.is(value, -0)) return String(value);
  return `{"$":"number","v":"${Object.is(value, -0) ? '-0' : value}"}`;
}

function bigintDigits(value: bigint, trail: Trail): string {
  const digits = String(value);
  if (digits.length <= DIGITS_LIMIT) return digits;
  throw refusal(trail, { what: 'a bigint has more than a million digits', cure: 'Pass its bytes' });
}

function symbolKey(value: symbol, trail: Trail): string {
  const key = Symbol.keyFor(value);
  if (key !== undefined) return key;
  throw refusal(trail, {
    what: `${String(value)} exists in this process only`,
    cure: 'Use a string, or a registered symbol from Symbol.for',
  });
}

function readUndefined(body: unknown): undefined {
  if (body !== undefined) throw malformed('The stored undefined holds something.');
}

function readNumber(body: unknown): number {
  if (body === 'NaN' || body === 'Infinity' || body === '-Infinity' || body === '-0') return Number(body);
  throw malformed('A stored number is none of NaN, Infinity, -Infinity and -0.');
}

function readBigint(body: unknown): bigint {
  if (typeof body === 'string' && body.length <= DIGITS_LIMIT && /^-?\d+$/.test(body)) return BigInt(body);
  throw malformed('A stored bigint is no whole number.');
}

function readSymbol(body: unknown): symbol {
  if (typeof body === 'string') return Symbol.for(body);
  throw malformed('A stored symbol has no name.');
}
