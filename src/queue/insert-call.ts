import { hash } from 'node:crypto';
import type { Call } from '../app/index.ts';
import { PipeError } from '../errors.ts';
import { isEnded, TaskState } from '../model/index.ts';
import {
  type CallVersion,
  changeRequirements,
  ensureCall,
  findCall,
  insertTask,
  isInScope,
  isScoped,
  lastAttemptOf,
  moveToLane,
  type Requirement,
  RequirementKind,
  retryTask,
  returnedTasks,
  stateOf,
  type TaskCore,
  type Transaction,
  versionsOfCall,
  widenScope,
} from '../store/index.ts';
import type { DefinitionIds } from './definition-ids.ts';

/** What became of a call. */
export type Placement = 'new' | 'found' | 'reused' | 'retried';

/** Where the task of a call stands in the queue. */
export interface PlacedCall {
  /** Row id of the task. */
  readonly row: number;
  /** Row id of the call. */
  readonly call: number;
  readonly identity: Uint8Array;
  readonly placement: Placement;
  /** How many tasks of older code it superseded. */
  readonly superseded: number;
}

/** A Future that a call takes, as the queue knows it. */
export interface PlacedFuture {
  readonly row: number;
  readonly call: number;
  readonly identity: Uint8Array;
  readonly kind: Requirement['kind'];
}

export interface CallToInsert {
  readonly call: Call;
  readonly blob: string | null;
  /** Those in the arguments, then those in `after`. */
  readonly futures: readonly PlacedFuture[];
  /** How many calls of this app came before in this run. */
  readonly index: number;
  /** Attempts up to this one ended in an earlier run of the script. */
  readonly cursorAtStart: number;
  /** Whether this run of the script called a task itself, by its row id. */
  readonly isOfThisRun: (task: number) => boolean;
  /** Row id of the task that calls, where one does. */
  readonly parent: number | undefined;
}

// Longer arguments are found by their hash, so that the index stays small.
const LONGEST_KEY = 200;

/** Finds the task of a call or adds it, as DESIGN §3 says. */
export function insertCall(tx: Transaction, ids: DefinitionIds, wanted: CallToInsert): PlacedCall {
  const { call, futures } = wanted;
  const definition = ids.of(tx, call);
  const stored = storedCall(wanted);
  const callRow = ensureCall(tx, { ...stored, name: definition.name });
  const requirements = futures.map(({ row, kind }) => ({ requirement: row, kind }));
  const versions = versionsOfCall(tx, callRow.latest);
  const supersede = (keep?: CallVersion): number => supersedeEarlier(tx, versions, { ...wanted, keep });
  const identity = taskIdentity(call, futures);
  const same = versions.find((one) => one.app === definition.app && equals(one.identity, identity));
  const place = (row: number, placement: Placement, superseded = 0): PlacedCall => {
    if (placement === 'reused') ids.warnOfVersions(tx, row, call);
    followParent(tx, wanted.parent, row);
    return { row, call: callRow.id, identity, placement, superseded };
  };
  if (same !== undefined) {
    const superseded = supersede(same);
    return place(
      same.id,
      meetAgain(tx, same, { ...wanted, requirements, lane: definition.lane }),
      superseded,
    );
  }
  const reused = findReusable(tx, ids, { ...wanted, key: stored.key });
  if (reused !== undefined) {
    return { ...place(reused.id, 'reused'), call: reused.call, identity: reused.identity };
  }
  const superseded = supersede();
  const { app, lane } = definition;
  const task = { call: callRow.id, app, lane, identity, requirements, previous: callRow.latest };
  return place(insertTask(tx, task), 'new', superseded);
}

function equals(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

function storedCall({ call, blob, futures }: CallToInsert): {
  key: string;
  args: string | null;
  blob: string | null;
} {
  const { args, key } = call;
  const isShort = args.key.length <= LONGEST_KEY;
  const parts = [isShort ? args.key : `#${hash('sha256', args.key, 'base64url')}`];
  const calls = futures.filter(({ kind }) => kind !== RequirementKind.AFTER).map((future) => future.call);
  if (calls.length > 0)
    parts.push(calls.length <= 16 ? calls.join() : `#${hash('sha256', calls.join(), 'base64url')}`);
  if (key !== undefined) parts.push(`key ${JSON.stringify(key)}`);
  const isWhole = isShort && args.text === args.key;
  return { key: parts.join('\n'), args: isWhole ? null : args.text, blob };
}

function taskIdentity({ app, args, identity, key }: Call, futures: readonly PlacedFuture[]): Uint8Array {
  const needs = futures
    .filter(({ kind }) => kind !== RequirementKind.AFTER)
    .map((future) => Buffer.from(future.identity).toString('hex'));
  const text = JSON.stringify([app.name, identity, args.key, needs, key ?? null]);
  return hash('sha256', text, 'buffer').subarray(0, 8);
}

interface Meeting extends CallToInsert {
  readonly requirements: readonly Requirement[];
  readonly lane: number;
}

/** What becomes of a task that is called again. Until it starts it is what the newest call says. */
function meetAgain(tx: Transaction, task: CallVersion, meeting: Meeting): Placement {
  const renew = (): TaskCore =>
    changeRequirements(tx, moveToLane(tx, task, meeting.lane), meeting.requirements);
  switch (task.state) {
    case TaskState.SUCCEEDED:
      return 'reused';
    case TaskState.WAITING:
    case TaskState.BLOCKED:
    case TaskState.PENDING:
      if (task.handed === 0) renew();
      return task.handed === 1 && retryReturned(tx, task.id, meeting) ? 'retried' : 'found';
    case TaskState.SUPERSEDED:
      tx.change('revive', renew());
      return 'found';
    case TaskState.FAILED:
    case TaskState.KILLED:
    case TaskState.UNKNOWN:
      if (!meeting.call.retryFailed || !endedBefore(tx, task.id, meeting)) return 'found';
      renew();
      retryTask(tx, task.id);
      return 'retried';
    default:
      return 'found';
  }
}

/** The script calls a task that returned Futures again, not the tasks these stand for. */
function retryReturned(tx: Transaction, task: number, meeting: Meeting): boolean {
  if (!meeting.call.retryFailed) return false;
  const retried = returnedTasks(tx.db, task).map(({ requirement }) => {
    if (tx.core(requirement)?.handed === 1) return retryReturned(tx, requirement, meeting);
    const state = stateOf(tx.db, requirement);
    const hasFailed = state !== undefined && isEnded(state) && state !== TaskState.SUCCEEDED;
    return hasFailed && endedBefore(tx, requirement, meeting) && retryTask(tx, requirement);
  });
  return retried.includes(true);
}

function endedBefore(tx: Transaction, task: number, { cursorAtStart }: CallToInsert): boolean {
  return lastAttemptOf(tx.db, task) <= cursorAtStart;
}

interface Superseding extends CallToInsert {
  readonly keep: CallVersion | undefined;
}

/**
 * Tasks of the same call with other code that have not started are not wanted any more, unless this run of the script
 * called them itself: apps made in a loop share a name, and their Futures are waited for.
 */
function supersedeEarlier(
  tx: Transaction,
  versions: readonly CallVersion[],
  { keep, isOfThisRun }: Superseding,
): number {
  let count = 0;
  for (const version of versions) {
    if (version === keep || version.handed === 1 || isOfThisRun(version.id)) continue;
    if (tx.change('supersede', version) !== undefined) count++;
  }
  return count;
}

function findReusable(
  tx: Transaction,
  ids: DefinitionIds,
  { call: { reuse, app }, index, key }: CallToInsert & { readonly key: string },
): CallVersion | undefined {
  if (reuse === undefined) return undefined;
  const found = findCall(tx, ids.nameOf(tx, reuse.name), reuse.by === 'index' ? { number: index } : { key });
  if (found === undefined) return undefined;
  const states: readonly number[] = reuse.states.map((state) => TaskState[state]);
  const version = versionsOfCall(tx, found.latest).find(({ state }) => states.includes(state));
  if (version === undefined || found.key === key) return version;
  throw new PipeError(
    'REUSE_MISMATCH',
    `Call ${index} of ${app.name} has other arguments than the task it is to reuse: ${found.key} before, ` +
      `${key} now. Reuse by arguments, or restore the order of the calls.`,
  );
}

function followParent(tx: Transaction, parent: number | undefined, row: number): void {
  if (parent !== undefined && isScoped(tx.db) && isInScope(tx.db, parent)) widenScope(tx, [row]);
}
