import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Facts } from './machine.ts';
import type { Row } from './program.ts';
import { median } from './statistics.ts';

/** A figure as it was measured, once for each round. */
export interface Measured {
  readonly unit: string;
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly values: readonly number[];
}

/** A run of the bench as it is written to a file; figures by `program.key`. */
export interface Results {
  readonly kind: Kind;
  readonly date: string;
  readonly machine: Facts;
  readonly versions: Facts;
  readonly figures: Readonly<Record<string, Measured>>;
  /** Programs without figures, and why. */
  readonly missing: Readonly<Record<string, string>>;
}

export type Kind = 'full' | 'quick';

export function measured(unit: string, values: readonly number[]): Measured {
  return { unit, median: median(values), min: Math.min(...values), max: Math.max(...values), values };
}

const FOLDER = join(import.meta.dirname, '../results');

/** The results that are committed, with which others are compared. */
export function readReference(kind: Kind): Results | undefined {
  const path = join(FOLDER, `${kind}.json`);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Results) : undefined;
}

/** `save` makes them those that others are compared with. */
export function writeResults(results: Results, { save }: { readonly save: boolean }): string {
  mkdirSync(FOLDER, { recursive: true });
  const name = save ? `${results.kind}.json` : `latest-${results.kind}.json`;
  // Six digits are more than any clock is worth.
  const rounded = (_key: string, value: unknown) =>
    typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(6)) : value;
  const text = JSON.stringify(results, rounded, 2).replace(/\[[\s\d.,e+-]+\]/g, (list) =>
    list.replace(/\s+/g, ' '),
  );
  writeFileSync(join(FOLDER, name), `${text}\n`);
  return `bench/results/${name}`;
}

/** Other work on the machine only ever slows: the best of some rounds says more of the code than their median. */
type Pick = 'median' | 'best';

/** How fast a figure is in proportion to its floor; undefined where one of the two was not measured. */
export function ofFloor(id: string, row: Row, { figures, pick }: Shares): number | undefined {
  const [own, floor] = [figures[id], row.floor && figures[row.floor]];
  if (own === undefined || !floor) return undefined;
  const isMore = row.better === 'more';
  const value = (one: Measured) => (pick === 'median' ? one.median : isMore ? one.max : one.min);
  return isMore ? value(own) / value(floor) : value(floor) / value(own);
}

interface Shares {
  readonly figures: Results['figures'];
  readonly pick: Pick;
}
