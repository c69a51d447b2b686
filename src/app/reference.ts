import { PipeError } from '../errors.ts';
import { showValue } from '../util/index.ts';

/** Marks Futures, so that this room knows one without importing the room they live in. */
export const FUTURE = Symbol.for('tspipe.Future');

/** What this room must know of a Future. */
export interface FutureReference {
  readonly [FUTURE]: true;
}

export function isFuture(value: unknown): value is FutureReference {
  return typeof value === 'object' && value !== null && FUTURE in value;
}

/** Futures whose outcomes are wanted whatever they are; made by `settled`. */
export class Settled {
  readonly futures: readonly FutureReference[];

  constructor(futures: readonly FutureReference[]) {
    this.futures = futures;
  }
}

/** Makes `Settled` of a list; throws `ARGUMENT_INVALID` where something in it is no Future. */
export function settleFutures(futures: readonly unknown[]): Settled {
  const list = [...futures];
  if (list.every(isFuture)) return new Settled(list);
  throw new PipeError(
    'ARGUMENT_INVALID',
    `settled() takes a list of Futures; one of them is ${showValue(list.find((value) => !isFuture(value)))}.`,
  );
}
