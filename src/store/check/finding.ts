/**
 * What a check of a queue found, in plain words. A `fault` is something that ought not to be so; a `note` is something
 * worth knowing that tspipe puts right by itself, or that harms nobody.
 */
export interface Finding {
  /** Stable name of the kind of finding. */
  readonly code: string;
  readonly level: 'fault' | 'note';
  /** How many there are of this kind. */
  readonly count: number;
  /** What was found. */
  readonly what: string;
  /** What it means for those who use the queue. */
  readonly means: string;
  /** What to do. */
  readonly cure: string;
  /** A few of them: ids of tasks, names of files, messages. */
  readonly examples: readonly string[];
}

/** How many examples a finding shows. */
export const EXAMPLES = 5;

/** "1 task", "12,000 tasks". */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
}

/** What cures a file that is damaged. */
export const REPAIR = 'tspipe check -q NAME --repair makes a new file of what can be read.';
