/** A number that a program of the bench prints, and what it has to reach. */
export interface Row {
  /** The name under which the program prints it. */
  readonly key: string;
  readonly work: string;
  readonly unit: string;
  readonly better: 'more' | 'less';
  readonly goal?: number;
  /** `program.key` of what bounds it. */
  readonly floor?: string;
  /** `program.key` of what the goal is a multiple of. */
  readonly than?: string;
  /** The figure of the peers that it is compared with. */
  readonly peers?: PeerKey;
}

/** What is measured of peers, as far as they can do it. */
export type PeerKey = 'submit' | 'submitBulk' | 'endToEnd' | 'hop' | 'shell' | 'cold';

/** A program that is run alone and prints one line of JSON. */
export interface Program {
  readonly name: string;
  /** Its file, from the folder of the bench, and how it is run by its ending; `tsx`: TypeScript by tsx. */
  readonly file: string;
  readonly tsx?: boolean;
  /** The word after it in a full run and in a quick one, mostly how many tasks; not run where there is none. */
  readonly full: string;
  readonly quick?: string;
  /** Words after that. */
  readonly more?: readonly string[];
  /** How often in a full run; in a quick one, three times. */
  readonly rounds: number;
  readonly rows: readonly Row[];
}

type Extra = Pick<Row, 'goal' | 'than' | 'floor' | 'peers'>;

/** A figure of which more is better. */
export function more(key: string, work: string, unit: string, extra: Extra = {}): Row {
  return { key, work, unit, better: 'more', ...extra };
}

/** A figure of which less is better. */
export function less(key: string, work: string, unit: string, extra: Extra = {}): Row {
  return { key, work, unit, better: 'less', ...extra };
}
