import type { Call, FutureReference } from '../app/index.ts';
import { PipeError } from '../errors.ts';
import { type Blobs, RequirementKind, type RequirementKindCode } from '../store/index.ts';
import type { PlacedFuture } from './call-identity.ts';
import { insertCall } from './insert-call.ts';
import { isAlike } from './definition-ids.ts';
import type { Insertion, Landing } from './insertion.ts';
import { SecretCheck } from './refuse-secrets.ts';
import { type FindPlace, isWaiting, type Submission, type WaitingCall } from './submission.ts';

/** Where a group of calls is inserted, and what that needs. */
export interface GroupInsertion extends Insertion {
  readonly blobs: Blobs;
  readonly findPlace: FindPlace;
}

/** Inserts calls in one transaction; throws `RefusedCall` for the first that cannot be added. */
export function insertGroup(insertion: GroupInsertion, group: readonly Submission[]): void {
  const secrets = new SecretCheck();
  let checked: Call | undefined;
  for (const submission of group) {
    const { state } = submission;
    if (!isWaiting(state)) continue;
    try {
      secrets.checkArguments(state.call);
      if (checked === undefined || !isAlike(checked, state.call)) secrets.checkDefinition(state.call);
      checked = state.call;
      state.landing = insertOne(insertion, state);
    } catch (error) {
      throw error instanceof PipeError ? new RefusedCall(submission, error) : error;
    }
  }
}

function insertOne(insertion: GroupInsertion, { call, index }: WaitingCall): Landing {
  const { args, after } = call;
  const futures: PlacedFuture[] = [];
  for (const { future, settled } of args.futures) {
    const kind = settled ? RequirementKind.SETTLED : RequirementKind.ARGUMENT;
    futures.push(placed(insertion, call, { future, kind }));
  }
  for (const future of after) futures.push(placed(insertion, call, { future, kind: RequirementKind.AFTER }));
  const landing = insertCall(insertion, { call, index, blob: insertion.blobs.write(args.blobs), futures });
  insertion.run.meet(landing.task.row);
  return landing;
}

interface NeededFuture {
  readonly future: FutureReference;
  readonly kind: RequirementKindCode;
}

function placed({ findPlace }: GroupInsertion, { app }: Call, { future, kind }: NeededFuture): PlacedFuture {
  const state = findPlace(future)?.state;
  if (state === undefined) throw foreign(app.name);
  if ('error' in state) throw state.error;
  const task = 'row' in state ? state : state.landing?.task;
  if (task === undefined) throw foreign(app.name);
  return { task, kind };
}

/** Inside a transaction that is to be rolled back: this call cannot be added. */
export class RefusedCall extends Error {
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
