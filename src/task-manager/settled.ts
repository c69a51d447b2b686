import { settleFutures } from '../app/index.ts';
import type { Future, SettledResult } from '../queue/index.ts';
import type { ResultOf, Settled } from './futurable.ts';

/**
 * Futures as an argument whose failures are delivered instead of blocking: the function gets
 * `{ ok: true, value } | { ok: false, error }` for each.
 *
 * @example
 * const summary = summarise(settled(fits)); // summarise(results: SettledResult<Fit>[])
 */
export function settled<const L extends readonly Future[]>(futures: L): Settled<Outcomes<L>> {
  // What travels is known to the task manager only; to its users it is an argument of these outcomes.
  return settleFutures(futures) as unknown as Settled<Outcomes<L>>;
}

type Outcomes<L extends readonly Future[]> = { -readonly [K in keyof L]: SettledResult<ResultOf<L[K]>> };
