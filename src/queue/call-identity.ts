import { hash } from 'node:crypto';
import type { Call } from '../app/index.ts';
import { RequirementKind, type RequirementKindCode } from '../store/index.ts';

/** Where a task stands in its queue's file. A script may hold a million of these. */
export interface PlacedTask {
  /** Row id of the task. */
  readonly row: number;
  /** Row id of the call. */
  readonly call: number;
  /** 8 bytes, a character each: a fifth of the memory of a Buffer. */
  readonly identity: string;
}

/** A Future that a call takes, as the queue knows it. */
export interface PlacedFuture {
  readonly task: PlacedTask;
  readonly kind: RequirementKindCode;
}

/** The identity of a task as it is kept in memory, from its bytes. */
export function identityText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

export function identityBytes(identity: string): Uint8Array {
  return Buffer.from(identity, 'latin1');
}

/** What all calls of an app with the same code begin their identity with. */
export function identityStart({ app, identity }: Pick<Call, 'app' | 'identity'>): string {
  return JSON.stringify([app.name, identity]).slice(0, -1);
}

/** The hash of what `[name, identity of the app, arguments, identities of Futures, key]` are as JSON. */
export function taskIdentity(start: string, { args, key }: Call, futures: readonly PlacedFuture[]): string {
  const needs = futures
    .filter(isInArguments)
    .map(({ task }) => `"${Buffer.from(task.identity, 'latin1').toString('hex')}"`);
  const text = `${start},${JSON.stringify(args.key)},[${needs.join()}],${JSON.stringify(key ?? null)}]`;
  return hash('sha256', text, 'binary').slice(0, 8);
}

// Longer arguments are found by their hash, so that the index stays small.
const LONGEST_KEY = 200;
const MOST_CALLS = 16;

/** The key of a call, identity without code, and its arguments where the key does not hold them. */
export function storedCall(
  { args, key }: Call,
  futures: readonly PlacedFuture[],
): { readonly key: string; readonly args: string | null } {
  const isShort = args.key.length <= LONGEST_KEY;
  let text = isShort ? args.key : `#${shortHash(args.key)}`;
  const calls = futures.filter(isInArguments).map(({ task }) => task.call);
  if (calls.length > 0)
    text += `\n${calls.length <= MOST_CALLS ? calls.join() : `#${shortHash(calls.join())}`}`;
  if (key !== undefined) text += `\nkey ${JSON.stringify(key)}`;
  return { key: text, args: isShort && args.text === args.key ? null : args.text };
}

function shortHash(text: string): string {
  return hash('sha256', text, 'base64url');
}

function isInArguments({ kind }: PlacedFuture): boolean {
  return kind !== RequirementKind.AFTER;
}
