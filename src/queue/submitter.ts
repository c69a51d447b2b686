import type { Call, FutureReference } from '../app/index.ts';
import { PipeError } from '../errors.ts';
import {
  completionCursor,
  newestTask,
  RequirementKind,
  type Store,
  type Transaction,
} from '../store/index.ts';
import { DefinitionIds } from './definition-ids.ts';
import { flushAtExit } from './exit-flush.ts';
import { insertCall, type Placement, type PlacedCall, type PlacedFuture } from './insert-call.ts';

/** A call on its way into the file; then where it landed, or why it did not. */
export interface Submission {
  state: { readonly waiting: WaitingCall } | { readonly placed: PlacedCall } | { readonly error: unknown };
}

interface WaitingCall {
  readonly call: Call;
  /** How many calls of the app came before in this run. */
  readonly index: number;
}

/** How a Future tells where its task stands; undefined for a Future of another queue. */
export type FindPlace = (future: FutureReference) => Submission | undefined;

export type PlacementCounts = Record<Placement | 'superseded', number>;

const GROUP = 1000;

/**
 * Brings calls into the file: grouped, every 1,000 calls, at the next turn of the event loop, and at the exit of the
 * process. A call that cannot be added is left out and raises, now or at the next use of the queue; the others stay.
 */
export class Submitter {
  readonly #store: Store;
  readonly #ids: DefinitionIds;
  readonly #findPlace: FindPlace;
  readonly #afterInsert: () => void;
  readonly #cursorAtStart: number;
  readonly #newestAtStart: number;
  /** Row ids of the older tasks that this run has called again. */
  readonly #met = new Set<number>();
  readonly #callsByName = new Map<string, number>();
  /** What became of the calls of this run. */
  readonly counts: PlacementCounts = { new: 0, found: 0, reused: 0, retried: 0, superseded: 0 };
  #waiting: Submission[] = [];
  #timer: NodeJS.Immediate | undefined;
  #failure: { readonly error: unknown } | undefined;

  constructor(store: Store, ports: { findPlace: FindPlace; afterInsert: () => void }) {
    this.#store = store;
    this.#ids = new DefinitionIds(store);
    this.#findPlace = ports.findPlace;
    this.#afterInsert = ports.afterInsert;
    this.#cursorAtStart = store.read(completionCursor);
    this.#newestAtStart = store.read(newestTask);
  }

  submit(call: Call): Submission {
    this.#raiseFailure();
    const { name } = call.app;
    const index = this.#callsByName.get(name) ?? 0;
    this.#callsByName.set(name, index + 1);
    const submission: Submission = { state: { waiting: { call, index } } };
    this.#waiting.push(submission);
    this.#schedule();
    // A mismatch of arguments is to be raised at the call.
    if (call.reuse?.by === 'index') this.place(submission);
    else if (this.#waiting.length >= GROUP) this.#insert(false);
    return submission;
  }

  /** Writes what is waiting, now, blocking until it is in the file. */
  flushNow(): void {
    while (this.#waiting.length > 0) this.#insert(true);
    this.#raiseFailure();
  }

  /** Where a call stands in the file, after writing it if need be. Throws what kept it out. */
  place(submission: Submission): PlacedCall {
    while ('waiting' in submission.state) this.#insert(true);
    const { state } = submission;
    if ('placed' in state) return state.placed;
    if (this.#failure?.error === state.error) this.#failure = undefined;
    throw state.error;
  }

  #schedule(): void {
    if (this.#timer !== undefined) return;
    flushAtExit.add(this);
    this.#timer = setImmediate(() => {
      this.#timer = undefined;
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
    const group = this.#unchanged(this.#waiting.slice(0, GROUP));
    if (group.length === 0) return;
    const work = (tx: Transaction) => this.#insertGroup(tx, group);
    try {
      const done = patient ? { value: this.#store.writeNow(work) } : this.#store.tryWrite(work);
      if (done === undefined) return;
      for (const [submission, placed] of done.value) this.#settle(submission, placed);
      this.#waiting.splice(0, group.length);
    } catch (error) {
      this.#ids.forget();
      if (!(error instanceof RefusedCall)) throw error;
      this.#refuse(error.submission, error.cause);
      return;
    }
    this.#afterInsert();
  }

  #insertGroup(tx: Transaction, group: readonly Submission[]): ReadonlyMap<Submission, PlacedCall> {
    const placed = new Map<Submission, PlacedCall>();
    for (const submission of group) {
      const { state } = submission;
      if (!('waiting' in state)) continue;
      try {
        placed.set(submission, this.#insertOne(tx, state.waiting, placed));
      } catch (error) {
        throw error instanceof PipeError ? new RefusedCall(submission, error) : error;
      }
    }
    return placed;
  }

  #insertOne(
    tx: Transaction,
    { call, index }: WaitingCall,
    placed: ReadonlyMap<Submission, PlacedCall>,
  ): PlacedCall {
    const { app, args, after, parent } = call;
    const place = (future: FutureReference, kind: PlacedFuture['kind']): PlacedFuture => {
      const submission = this.#findPlace(future);
      if (submission === undefined) throw foreign(app.name);
      if ('error' in submission.state) throw submission.state.error;
      const found = 'placed' in submission.state ? submission.state.placed : placed.get(submission);
      if (found === undefined) throw foreign(app.name);
      return { row: found.row, call: found.call, identity: found.identity, kind };
    };
    const landed = insertCall(tx, this.#ids, {
      call,
      index,
      blob: this.#store.blobs.write(args.blobs),
      futures: [
        ...args.futures.map(({ future, settled }) =>
          place(future, settled ? RequirementKind.SETTLED : RequirementKind.ARGUMENT),
        ),
        ...after.map((future) => place(future, RequirementKind.AFTER)),
      ],
      cursorAtStart: this.#cursorAtStart,
      isOfThisRun: (task) => task > this.#newestAtStart || this.#met.has(task),
      parent,
    });
    if (landed.row <= this.#newestAtStart) this.#met.add(landed.row);
    return landed;
  }

  #settle(submission: Submission, placed: PlacedCall): void {
    submission.state = { placed };
    this.counts[placed.placement]++;
    this.counts.superseded += placed.superseded;
  }

  /** Leaves out the calls of apps whose captured data is not what it was at the call. */
  #unchanged(group: readonly Submission[]): readonly Submission[] {
    const byApp = Map.groupBy(group, ({ state }) =>
      'waiting' in state ? state.waiting.call.app : undefined,
    );
    for (const [app, submissions] of byApp) {
      try {
        app?.verifyUnchanged();
      } catch (error) {
        for (const submission of submissions) this.#refuse(submission, error);
      }
    }
    return group.filter(({ state }) => 'waiting' in state);
  }

  #refuse(submission: Submission, error: unknown): void {
    submission.state = { error };
    this.#failure ??= { error };
    this.#waiting = this.#waiting.filter((other) => other !== submission);
  }
}

/** Inside a transaction that is to be rolled back: this call cannot be added. */
class RefusedCall extends Error {
  readonly submission: Submission;

  constructor(submission: Submission, cause: PipeError) {
    super('a call was refused', { cause });
    this.submission = submission;
  }
}

export function foreign(appName: string): PipeError {
  return new PipeError(
    'FUTURE_FOREIGN',
    `${appName} was given a Future of another queue. Await its result and pass the value.`,
  );
}
