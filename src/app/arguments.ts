import { encodePlainList, encodeValue, type EncodedValue, type Replacement } from '../serialization/index.ts';
import { portableValues } from './portable-values.ts';
import { type FutureReference, isFuture, Settled } from './reference.ts';

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
  const list = length === args.length ? args : args.slice(0, length);
  const found = new FoundFutures();
  const quick = encodePlainList(list, { trail: appName, refer: (candidate) => found.refer(candidate) });
  if (quick === undefined) return encodeWithFutures(list, { trail: appName, items: 'argument' });
  const { text, key, blobs } = quick;
  return { text, key, blobs, futures: found.list };
}

const NO_FUTURES: readonly ArgumentFuture[] = Object.freeze([]);

/** Encodes a value that may hold Futures: arguments, or the result of a task that called apps. */
export function encodeWithFutures(
  value: unknown,
  where: { readonly trail: string; readonly items?: string; readonly isResult?: boolean },
): EncodedArguments {
  const found = new FoundFutures();
  const refer = (candidate: object) => found.refer(candidate);
  return { ...encodeValue(value, { ...where, ...portableValues, refer }), futures: found.list };
}

/** The Futures in a value, in the order in which they were met; one that was met before keeps its position. */
class FoundFutures {
  #list: ArgumentFuture[] | undefined;
  #plain: Map<FutureReference, number> | undefined;
  #settled: Map<FutureReference, number> | undefined;

  get list(): readonly ArgumentFuture[] {
    return this.#list ?? NO_FUTURES;
  }

  refer(candidate: object): Replacement | undefined {
    if (isFuture(candidate)) return { tag: 'Future', body: this.#positionOf(candidate, false) };
    if (candidate instanceof Settled) {
      return { tag: 'Settled', body: candidate.futures.map((future) => this.#positionOf(future, true)) };
    }
    return undefined;
  }

  #positionOf(future: FutureReference, settled: boolean): number {
    // Made when there is a first Future: most calls have none.
    this.#list ??= [];
    this.#plain ??= new Map();
    this.#settled ??= new Map();
    const positions = settled ? this.#settled : this.#plain;
    const known = positions.get(future);
    if (known !== undefined) return known;
    const position = this.#list.push({ future, settled }) - 1;
    positions.set(future, position);
    return position;
  }
}
