import type { Call } from '../app/index.ts';
import type { NewCall, NewTask, Transaction } from '../store/index.ts';
import type { PlacedFuture, PlacedTask } from './call-identity.ts';
import type { DefinitionIds } from './definition-ids.ts';
import type { ScriptRun } from './script-run.ts';

/** What became of a call. */
export type Placement = 'new' | 'found' | 'reused' | 'retried';

/** Where a call landed, and how. */
export interface Landing {
  readonly task: PlacedTask;
  readonly placement: Placement;
  /** How many tasks of older code it superseded. */
  readonly superseded: number;
}

/** Where calls are inserted. */
export interface Insertion {
  readonly tx: Transaction;
  readonly ids: DefinitionIds;
  readonly run: ScriptRun;
}

export interface CallToInsert {
  readonly call: Call;
  readonly blob: string | null;
  /** Those in the arguments, then those in `after`. */
  readonly futures: readonly PlacedFuture[];
  /** How many calls of this app came before in this run. */
  readonly index: number;
}

/** The rows of a call and its task, should they be new. */
export interface CallRows {
  readonly call: NewCall;
  readonly task: Omit<NewTask, 'call' | 'previous'>;
  readonly identity: string;
}
