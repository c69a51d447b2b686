import { setTimeout as delay } from 'node:timers/promises';
import type { Store, Transaction } from '../store/index.ts';

// Some milliseconds of writing, then a chance for agents and scripts that wait to write.
const SLICE = 500;
const PAUSE_MS = 1;

/** Changes many tasks in several transactions, one after the other; gives all that `change` gives. */
export async function inSlices(
  store: Store,
  rows: readonly number[],
  change: (tx: Transaction, slice: readonly number[]) => readonly number[],
): Promise<number[]> {
  const changed: number[] = [];
  for (let at = 0; at < rows.length; at += SLICE) {
    if (at > 0) await delay(PAUSE_MS);
    const slice = rows.slice(at, at + SLICE);
    for (const row of await store.write((tx) => change(tx, slice))) changed.push(row);
  }
  return changed;
}
