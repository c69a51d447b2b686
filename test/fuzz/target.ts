import type { Random } from '../chaos/random.ts';

/** Something that reads what others wrote. */
export interface Target {
  /** An input, mostly a sound one with a few changes. What a file of the corpus holds. */
  input(random: Random): string;
  /**
   * Has an input read. True where it got past the door: it was taken for sound; false where it was refused with an
   * error that is documented. Throws where neither holds: that is a find.
   */
  read(input: string): boolean | Promise<boolean>;
}

/** Makes a target; it may write to the folder, which is its own. */
export type MakeTarget = (folder: string) => Target | Promise<Target>;

/** Says what should hold and does not. */
export function demand(holds: boolean, what: string): void {
  if (!holds) throw new Error(`wrong acceptance: ${what}`);
}
