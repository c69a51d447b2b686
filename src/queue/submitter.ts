import type { AppDefinition, Call } from '../app/index.ts';
import type { Store, Transaction } from '../store/index.ts';
import type { PlacedTask } from './call-identity.ts';
import { DefinitionIds } from './definition-ids.ts';
import { flushAtExit } from './exit-flush.ts';
import { type GroupInsertion, insertGroup, RefusedCall } from './insert-group.ts';
import type { Placement } from './insertion.ts';
import { ScriptRun } from './script-run.ts';
import { type FindPlace, isWaiting, type Submission } from './submission.ts';

export type PlacementCounts = Record<Placement | 'superseded', number>;

const FIRST_GROUP = 1000;
// Random arguments touch a page of the index each: in a queue of a million 1,000 calls at a time write 5 KB each, 16,000
// write 1.9 and 32,000 1.2. More would keep other writers waiting for longer than a third of a second.
const LARGEST_GROUP = 32_000;
const BYTES_OF_ONE = 2048;

/**
 * Brings calls into the file: grouped, at the next turn of the event loop, at the exit of the process, and meanwhile
 * after 1,000 calls, then after twice as many each time, fewer where arguments are large. A call that cannot be added is
 * left out and raises, now or at the next use of the queue; the others stay.
 */
export class Submitter {
  readonly #store: Store;
  readonly #ids: DefinitionIds;
  readonly #findPlace: FindPlace;
  readonly #afterInsert: () => void;
  readonly #run: ScriptRun;
  readonly #callsByName = new Map<string, number>();
  /** What became of the calls of this run. */
  readonly counts: PlacementCounts = { new: 0, found: 0, reused: 0, retried: 0, superseded: 0 };
  #waiting: Submission[] = [];
  #group = FIRST_GROUP;
  #weight = 0;
  /** How much is to wait before the next try to insert it. */
  #enough = FIRST_GROUP;
  #timer: NodeJS.Immediate | undefined;
  #failure: { readonly error: unknown } | undefined;

  constructor(store: Store, ports: { findPlace: FindPlace; afterInsert: () => void }) {
    this.#store = store;
    this.#ids = new DefinitionIds(store);
    this.#findPlace = ports.findPlace;
    this.#afterInsert = ports.afterInsert;
    this.#run = new ScriptRun(store);
  }

  submit(call: Call): Submission {
    this.#raiseFailure();
    const { name } = call.app;
    const index = this.#callsByName.get(name) ?? 0;
    this.#callsByName.set(name, index + 1);
    const submission: Submission = { state: { call, index, landing: undefined } };
    this.#waiting.push(submission);
    this.#weight += weightOf(call);
    this.#schedule();
    // A mismatch of arguments is to be raised at the call.
    if (call.reuse?.by === 'index') this.place(submission);
    else if (this.#weight >= this.#enough) this.#insertFull();
    return submission;
  }

  /** Writes what is waiting, now, blocking until it is in the file. */
  flushNow(): void {
    while (this.#waiting.length > 0) this.#insert(true);
    this.#raiseFailure();
  }

  /** Where a call stands in the file, after writing it if need be. Throws what kept it out. */
  place(submission: Submission): PlacedTask {
    while (isWaiting(submission.state)) this.#insert(true);
    const { state } = submission;
    if ('row' in state) return state;
    if (this.#failure?.error === state.error) this.#failure = undefined;
    throw state.error;
  }

  /** Inserts in the middle of a loop that calls; where another process keeps them out, more come together first. */
  #insertFull(): void {
    this.#insert(false);
    if (this.#waiting.length === 0) {
      this.#store.expectMany();
      this.#group = Math.min(2 * this.#group, LARGEST_GROUP);
    }
    this.#enough = this.#weight + this.#group;
  }

  #schedule(): void {
    if (this.#timer !== undefined) return;
    flushAtExit.add(this);
    this.#timer = setImmediate(() => {
      this.#timer = undefined;
      this.#group = FIRST_GROUP;
      this.#enough = FIRST_GROUP;
      try {
        this.#insert(false);
      } catch (error) {
        // The file cannot be written now. It is tried again, and raised, at the next use and at the exit.
        this.#failure ??= { error };
        return;
      }
      if (this.#waiting.length > 0) this.#schedule();
      else if (this.#failure === undefined) flushAtExit.delete(this);
    });
  }

  #raiseFailure(): void {
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure !== undefined) throw failure.error;
  }

  /** One transaction; what another process's writing keeps out stays waiting unless `patient`. */
  #insert(patient: boolean): void {
    const group = this.#unchanged(this.#waiting.slice(0, LARGEST_GROUP));
    if (group.length === 0) return;
    try {
      let isAgain = false;
      const work = (tx: Transaction): void => {
        // Rows of a transaction that came to nothing are not there.
        if (isAgain) this.#ids.forget();
        isAgain = true;
        insertGroup(this.#insertion(tx), group);
      };
      // Agents wake meanwhile; what called goes on when it is on the disk.
      const done = patient
        ? { value: this.#store.writeNow(work, 'after') }
        : this.#store.tryWrite(work, 'after');
      if (done === undefined) {
        if (isAgain) this.#ids.forget();
        return;
      }
      this.#waiting.splice(0, group.length);
      if (this.#waiting.length === 0) this.#weight = 0;
      for (const submission of group) this.#settle(submission);
    } catch (error) {
      this.#ids.forget();
      if (!(error instanceof RefusedCall)) throw error;
      this.#refuse(new Map([[error.submission, error.cause]]));
      return;
    }
    this.#afterInsert();
  }

  #insertion(tx: Transaction): GroupInsertion {
    return { tx, ids: this.#ids, run: this.#run, blobs: this.#store.blobs, findPlace: this.#findPlace };
  }

  #settle(submission: Submission): void {
    const { state } = submission;
    if (!isWaiting(state) || state.landing === undefined) return;
    const { task, placement, superseded } = state.landing;
    submission.state = task;
    this.counts[placement]++;
    this.counts.superseded += superseded;
  }

  /** Leaves out the calls of apps whose captured data is not what it was at the call. */
  #unchanged(group: readonly Submission[]): readonly Submission[] {
    const changed = new Map<AppDefinition | undefined, unknown>();
    for (const app of new Set(group.map(appOf))) {
      try {
        app?.verifyUnchanged();
      } catch (error) {
        changed.set(app, error);
      }
    }
    if (changed.size === 0) return group;
    const refused = group.filter((submission) => changed.has(appOf(submission)));
    this.#refuse(new Map(refused.map((submission) => [submission, changed.get(appOf(submission))])));
    return group.filter((submission) => isWaiting(submission.state));
  }

  #refuse(refused: ReadonlyMap<Submission, unknown>): void {
    for (const [submission, error] of refused) {
      submission.state = { error };
      this.#failure ??= { error };
    }
    this.#waiting = this.#waiting.filter((submission) => !refused.has(submission));
  }
}

/** A call counts for one, and for more where its arguments are large, so that not too much waits in memory. */
function weightOf({ args: { text, blobs } }: Call): number {
  let bytes = text.length;
  for (const blob of blobs) bytes += blob.byteLength;
  return 1 + Math.floor(bytes / BYTES_OF_ONE);
}

function appOf({ state }: Submission): AppDefinition | undefined {
  return isWaiting(state) ? state.call.app : undefined;
}
