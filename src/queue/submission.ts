import type { Call, FutureReference } from '../app/index.ts';
import type { PlacedTask } from './call-identity.ts';
import type { Landing } from './insertion.ts';

/** A call on its way into the file; then the task where it landed, or why it did not. */
export interface Submission {
  state: WaitingCall | PlacedTask | { readonly error: unknown };
}

export interface WaitingCall {
  readonly call: Call;
  /** How many calls of the app came before in this run. */
  readonly index: number;
  /** Where it is to be once the transaction that inserts it has ended well. */
  landing: Landing | undefined;
}

/** How a Future tells where its task stands; undefined for a Future of another queue. */
export type FindPlace = (future: FutureReference) => Submission | undefined;

export function isWaiting(state: Submission['state']): state is WaitingCall {
  return 'index' in state;
}
