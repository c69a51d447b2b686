import { portableValues, reviveAppValue, type Revival } from '../app/index.ts';
import { PipeError } from '../errors.ts';
import { TaskState } from '../model/index.ts';
import { decodeValue, encodeValue, type JsonValue } from '../serialization/index.ts';
import {
  argsText,
  argumentTasks,
  RequirementKind,
  type RequiredRow,
  resultOf,
  returnedResults,
  type Store,
  takesFutures,
} from '../store/index.ts';
import type { TaskError } from './task-error.ts';
import { taskErrorOf } from './why-failed.ts';

/** What `settled()` delivers for each Future. */
export type SettledResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: TaskError };

/** A value as it is stored, with the results of the Futures in it: all a worker needs to decode it. */
export interface StoredValue {
  readonly text: string;
  /** Name of the file with its binary parts. */
  readonly blob: string | null;
  /** By position: the result of a Future, or the error of one that is settled. */
  readonly futures: readonly StoredFuture[];
}

export type StoredFuture = { readonly value: StoredValue } | { readonly error: string };

/** Reads binary parts by the name of their file. */
export type ReadBlobs = (name: string | null) => readonly Uint8Array[];
/** For those who only look at values. */
const LOOK: Revival = { revive: reviveAppValue, classes: () => undefined };

interface StoredArguments {
  readonly id: number;
  readonly key: string;
  readonly args: string | null;
  readonly blob: string | null;
}

/** The arguments of a task as stored. */
export function storedArguments(store: Store, row: StoredArguments): StoredValue {
  const needs = takesFutures(row) ? store.read((db) => argumentTasks(db, row.id)) : [];
  return { text: argsText(row), blob: row.blob, futures: needs.map((need) => storedFuture(store, need)) };
}

/** The result of a task as stored; undefined where there is none. */
export function storedResult(store: Store, row: number): StoredValue | undefined {
  const { result, returned } = store.read((db) => ({
    result: resultOf(db, row),
    returned: returnedResults(db, row),
  }));
  if (result === undefined || result.text === null) return undefined;
  return { text: result.text, blob: result.blob, futures: returned.map((need) => storedFuture(store, need)) };
}

/** There may be a hundred thousand Futures: what they take is read with them, unless it takes Futures in turn. */
function storedFuture(store: Store, required: RequiredRow): StoredFuture {
  const { kind, requirement, state } = required;
  const value = state === TaskState.SUCCEEDED ? resultOfRequired(store, required) : undefined;
  if (value !== undefined) return { value };
  const error = taskErrorOf(store, requirement);
  if (kind !== RequirementKind.SETTLED && state !== null && state !== TaskState.SUCCEEDED) throw error;
  return { error: encodeValue(error, portableValues).text };
}

function resultOfRequired(
  store: Store,
  { requirement, handed, text, blob }: RequiredRow,
): StoredValue | undefined {
  if (handed === 1) return storedResult(store, requirement);
  return text === null ? undefined : { text, blob, futures: [] };
}

/** Makes a stored value again, the Futures in it replaced by their results. */
export function decodeStored(stored: StoredValue, readBlobs: ReadBlobs, how: Revival = LOOK): unknown {
  const futureAt = (position: JsonValue): StoredFuture => {
    const future = typeof position === 'number' ? stored.futures[position] : undefined;
    if (future !== undefined) return future;
    throw new PipeError(
      'VALUE_MALFORMED',
      `A value names Future ${String(position)} of ${stored.futures.length}.`,
    );
  };
  return decodeValue(stored.text, {
    blobs: readBlobs(stored.blob),
    classes: how.classes,
    revive: (tag, body, blobs) => {
      if (tag === 'Future') return resultOfFuture(futureAt(body), readBlobs, how);
      if (tag !== 'Settled' || !Array.isArray(body)) return how.revive(tag, body, blobs);
      return body.map((position: JsonValue) => settle(futureAt(position), readBlobs, how));
    },
  });
}

function resultOfFuture(future: StoredFuture, readBlobs: ReadBlobs, how: Revival): unknown {
  if ('value' in future) return decodeStored(future.value, readBlobs, how);
  throw decodeValue(future.error, how);
}

function settle(future: StoredFuture, readBlobs: ReadBlobs, how: Revival): SettledResult<unknown> {
  if ('value' in future) return { ok: true, value: decodeStored(future.value, readBlobs, how) };
  return { ok: false, error: decodeValue(future.error, how) as TaskError };
}

/** The result of a task that succeeded, the Futures in it replaced by their results. */
export function readResult(store: Store, row: number): unknown {
  const stored = storedResult(store, row);
  return stored === undefined ? undefined : decodeStored(stored, (name) => store.blobs.read(name));
}

/** The arguments of a task, Futures replaced by their results; `how` gives the functions among them. */
export function readArguments(store: Store, row: StoredArguments, how?: Revival): unknown[] {
  const args = decodeStored(storedArguments(store, row), (name) => store.blobs.read(name), how);
  if (Array.isArray(args)) return args;
  throw new PipeError(
    'VALUE_MALFORMED',
    `The arguments of task ${row.id} are no list. Is the queue file damaged?`,
  );
}
