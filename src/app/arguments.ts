import { encodeValue, type EncodedValue } from '../serialization/index.ts';
import { type FutureReference, isFuture, Settled } from './reference.ts';
import { portableValues } from './portable-values.ts';

/** A Future among arguments. Its place in the list is its position in the encoded text. */
export interface ArgumentFuture {
  readonly future: FutureReference;
  /** True where its failure is delivered instead of blocking. */
  readonly settled: boolean;
}

export interface EncodedArguments extends EncodedValue {
  readonly futures: readonly ArgumentFuture[];
}

/** The arguments of a call: trailing `undefined` dropped, Futures by their position in `futures`. */
export function encodeArguments(args: readonly unknown[], appName: string): EncodedArguments {
  let length = args.length;
  while (length > 0 && args[length - 1] === undefined) length--;
  return encodeWithFutures(args.slice(0, length), { trail: appName, items: 'argument' });
}

/** Encodes a value that may hold Futures: arguments, or the result of a task that called apps. */
export function encodeWithFutures(
  value: unknown,
  where: { readonly trail: string; readonly items?: string; readonly isResult?: boolean },
): EncodedArguments {
  const futures: ArgumentFuture[] = [];
  const positions = new Map<string, Map<FutureReference, number>>();
  const positionOf = (future: FutureReference, settled: boolean): number => {
    const known = positions.get(String(settled)) ?? new Map<FutureReference, number>();
    positions.set(String(settled), known);
    const position = known.get(future) ?? futures.push({ future, settled }) - 1;
    known.set(future, position);
    return position;
  };
  const replace = (candidate: object, where: string) => {
    if (isFuture(candidate)) return { tag: 'Future', body: positionOf(candidate, false) };
    if (candidate instanceof Settled) {
      return { tag: 'Settled', body: candidate.futures.map((future) => positionOf(future, true)) };
    }
    return portableValues.replace(candidate, where);
  };
  return { ...encodeValue(value, { ...where, ...portableValues, replace }), futures };
}
