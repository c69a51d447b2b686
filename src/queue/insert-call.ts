import { hash } from 'node:crypto';
import type { Call } from '../app/index.ts';
import { PipeError } from '../errors.ts';
import { TaskState } from '../model/index.ts';
import {
  type CallVersion,
  ensureCall,
  insertTask,
  isInScope,
  isScoped,
  moveToLane,
  type Requirement,
  RequirementKind,
  requirementsOf,
  retryTask,
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
  const versions = versionsOfCall(tx, callRow.latest).sort((a, b) => b.id - a.id);
  const same = versions.find(
    (version) => version.app === definition.app && hasSame(tx, version, requirements),
  );
  const identity = taskIdentity(call, futures);
  const place = (row: number, placement: Placement, superseded = 0): PlacedCall => {
    followParent(tx, wanted.parent, row);
    return { row, call: callRow.id, identity, placement, superseded };
  };
  if (same !== undefined) {
    const superseded = supersede(tx, versions, same);
    return place(same.id, meetAgain(tx, same, { ...wanted, lane: definition.lane }), superseded);
  }
  const reused = findReusable(tx, ids, { ...wanted, versions, key: stored.key });
  if (reused !== undefined) return { ...place(reused.id, 'reused'), identity: reused.identity };
  const superseded = supersede(tx, versions, undefined);
  const row = insertTask(tx, {
    call: callRow.id,
    app: definition.app,
    lane: definition.lane,
    identity,
    requirements,
    previous: callRow.latest,
  });
  return place(row, 'new', superseded);
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

/** Requirements decide which version of a call is meant; `after` orders only. */
function hasSame(tx: Transaction, version: CallVersion, wanted: readonly Requirement[]): boolean {
  const inArguments = (list: readonly Requirement[]) =>
    list.filter(({ kind }) => kind !== RequirementKind.AFTER).map(({ requirement }) => requirement);
  const want = inArguments(wanted);
  const have = inArguments(requirementsOf(tx, version.id));
  return have.length === want.length && have.every((requirement, position) => requirement === want[position]);
}

function meetAgain(
  tx: Transaction,
  task: CallVersion,
  { call, lane, cursorAtStart }: CallToInsert & { readonly lane: number },
): Placement {
  switch (task.state) {
    case TaskState.SUCCEEDED:
      return 'reused';
    case TaskState.WAITING:
    case TaskState.BLOCKED:
    case TaskState.PENDING:
      if (task.handed === 0) moveToLane(tx, task, lane);
      return 'found';
    case TaskState.SUPERSEDED:
      moveToLane(tx, task, lane);
      tx.change('revive', { ...task, lane });
      return 'found';
    case TaskState.FAILED:
    case TaskState.KILLED:
    case TaskState.UNKNOWN: {
      if (!call.retryFailed || !endedBefore(tx, task.id, cursorAtStart)) return 'found';
      moveToLane(tx, task, lane);
      retryTask(tx, task.id);
      return 'retried';
    }
    default:
      return 'found';
  }
}

function endedBefore(tx: Transaction, task: number, cursor: number): boolean {
  const last = tx.db.get<{ id: number | null }>('SELECT max(id) id FROM attempt WHERE task = ?', task);
  return (last?.id ?? 0) <= cursor;
}

/** Tasks of the same call with other code that have not started are not wanted any more. */
function supersede(tx: Transaction, versions: readonly CallVersion[], keep: CallVersion | undefined): number {
  let count = 0;
  for (const version of versions) {
    if (version === keep || version.handed === 1) continue;
    if (tx.change('supersede', version) !== undefined) count++;
  }
  return count;
}

function findReusable(
  tx: Transaction,
  ids: DefinitionIds,
  wanted: CallToInsert & { readonly versions: readonly CallVersion[]; readonly key: string },
): { id: number; identity: Uint8Array } | undefined {
  const { reuse, app } = wanted.call;
  if (reuse === undefined) return undefined;
  const name = ids.nameOf(tx, reuse.name);
  const condition = reuse.by === 'index' ? 'number = ?' : 'key = ?';
  const value = reuse.by === 'index' ? wanted.index : wanted.key;
  const row = tx.db.get<{ latest: number | null; key: string }>(
    `SELECT latest, key FROM call WHERE name = ? AND ${condition}`,
    name,
    value,
  );
  if (row === undefined) return undefined;
  const states = reuse.states.map((state) => TaskState[state]);
  const versions = versionsOfCall(tx, row.latest).sort((a, b) => b.id - a.id);
  const version = versions.find(({ state }) => states.includes(state));
  if (version === undefined) return undefined;
  if (row.key !== wanted.key) {
    throw new PipeError(
      'REUSE_MISMATCH',
      `Call ${wanted.index} of ${app.name} has other arguments than the task it is to reuse: ${row.key} before, ` +
        `${wanted.key} now. Reuse by arguments, or restore the order of the calls.`,
    );
  }
  const found = tx.db.get<{ identity: Uint8Array }>('SELECT identity FROM task WHERE id = ?', version.id);
  return found === undefined ? undefined : { id: version.id, identity: found.identity };
}

function followParent(tx: Transaction, parent: number | undefined, row: number): void {
  if (parent !== undefined && isScoped(tx.db) && isInScope(tx.db, parent)) widenScope(tx, [row]);
}
