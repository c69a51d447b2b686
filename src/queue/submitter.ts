import type { Call, FutureReference } from '../app/index.ts';
import { PipeError } from '../errors.ts';
import { completionCursor, RequirementKind, type Store } from '../store/index.ts';
import { DefinitionIds } from './definition-ids.ts';
import { flushAtExit } from './exit-flush.ts';
import { insertCall, type Placement, type PlacedCall, type PlacedFuture } from './insert-call.ts';

/** A call on its way into the file, and where it landed. */
export interface Submission {
  readonly call: Call;
  readonly index: number;
  placed: PlacedCall | undefined;
}

/** How a Future tells where its task stands; undefined for a Future of another queue. */
export type FindPlace = (future: FutureReference) => Submission | PlacedCall | undefined;

export type PlacementCounts = Record<Placement | 'superseded', number>;

const GROUP = 1000;

/**
 * Brings calls into the file: grouped, every 1,000 calls, at the next turn of the event loop, and at the exit of the
 * process. Nothing that was called is dropped: what cannot be written raises.
 */
export class Submitter {
  readonly #store: Store;
  readonly #ids: DefinitionIds;
  readonly #findPlace: FindPlace;
  readonly #afterInsert: () => void;
  readonly #cursorAtStart: number;
  readonly #callsByName = new Map<string, number>();
  /** What became of the calls of this run. */
  readonly counts: PlacementCounts = { new: 0, found: 0, reused: 0, retried: 0, superseded: 0 };
  #waiting: Submission[] = [];
  #timer: NodeJS.Immediate | undefined;
  #failure: unknown;

  constructor(store: Store, ports: { findPlace: FindPlace; afterInsert: () => void }) {
    this.#store = store;
    this.#ids = new DefinitionIds(store);
    this.#findPlace = ports.findPlace;
    this.#afterInsert = ports.afterInsert;
    this.#cursorAtStart = store.read(completionCursor);
  }

  submit(call: Call): Submission {
    this.#raiseFailure();
    const { name } = call.app;
    const index = this.#callsByName.get(name) ?? 0;
    this.#callsByName.set(name, index + 1);
    const submission: Submission = { call, index, placed: undefined };
    this.#waiting.push(submission);
    // A mismatch of arguments is to be raised at the call.
    if (call.reuse?.by === 'index') this.#insertOrDrop(submission);
    else if (this.#waiting.length >= GROUP) this.#insert(false);
    this.#schedule();
    return submission;
  }

  /** Writes what is waiting, now, blocking until it is in the file. */
  flushNow(): void {
    this.#raiseFailure();
    while (this.#waiting.length > 0) this.#insert(true);
  }

  /** The row a submission landed in, after writing it if need be. */
  place(submission: Submission): PlacedCall {
    if (submission.placed === undefined) this.flushNow();
    if (submission.placed === undefined) throw new Error('a call was flushed but not placed');
    return submission.placed;
  }

  #schedule(): void {
    if (this.#waiting.length === 0 || this.#timer !== undefined) return;
    flushAtExit.add(this);
    this.#timer = setImmediate(() => {
      this.#timer = undefined;
      try {
        this.#insert(false);
      } catch (error) {
        this.#failure = error;
      }
      if (this.#failure === undefined) this.#schedule();
      if (this.#waiting.length === 0) flushAtExit.delete(this);
    });
  }

  #raiseFailure(): void {
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure !== undefined) throw failure;
  }

  #insertOrDrop(submission: Submission): void {
    try {
      this.flushNow();
    } catch (error) {
      this.#waiting = this.#waiting.filter((other) => other !== submission);
      throw error;
    }
  }

  /** One transaction; what another process's writing keeps out stays waiting unless `patient`. */
  #insert(patient: boolean): void {
    const group = this.#waiting.slice(0, GROUP);
    if (group.length === 0) return;
    for (const { call } of group) call.app.verifyUnchanged();
    const done = patient
      ? { value: this.#store.writeNow((tx) => this.#insertGroup(tx, group)) }
      : this.#tryInsert(group);
    if (done === undefined) return;
    this.#waiting.splice(0, group.length);
    for (const { placement, superseded } of done.value) {
      this.counts[placement]++;
      this.counts.superseded += superseded;
    }
    this.#afterInsert();
  }

  #tryInsert(group: readonly Submission[]): { readonly value: PlacedCall[] } | undefined {
    return this.#store.tryWrite((tx) => this.#insertGroup(tx, group));
  }

  #insertGroup(
    tx: Parameters<Parameters<Store['tryWrite']>[0]>[0],
    group: readonly Submission[],
  ): PlacedCall[] {
    try {
      return group.map((submission) => {
        const { call, index } = submission;
        submission.placed = insertCall(tx, this.#ids, {
          call,
          index,
          blob: this.#store.blobs.write(call.args.blobs),
          futures: this.#futuresOf(call),
          cursorAtStart: this.#cursorAtStart,
          parent: call.parent,
        });
        return submission.placed;
      });
    } catch (error) {
      for (const submission of group) submission.placed = undefined;
      this.#ids.forget();
      throw error;
    }
  }

  #futuresOf({ app, args, after }: Call): PlacedFuture[] {
    const place = (future: FutureReference, kind: PlacedFuture['kind']): PlacedFuture => {
      const found = this.#findPlace(future);
      const placed = found !== undefined && 'row' in found ? found : found?.placed;
      if (placed === undefined) throw foreign(app.name);
      return { row: placed.row, call: placed.call, identity: placed.identity, kind };
    };
    return [
      ...args.futures.map(({ future, settled }) =>
        place(future, settled ? RequirementKind.SETTLED : RequirementKind.ARGUMENT),
      ),
      ...after.map((future) => place(future, RequirementKind.AFTER)),
    ];
  }
}

export function foreign(appName: string): PipeError {
  return new PipeError(
    'FUTURE_FOREIGN',
    `${appName} was given a Future of another queue. Await its result and pass the value.`,
  );
}
