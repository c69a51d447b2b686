import { PipeError } from '../errors.ts';
import type { Properties } from './format.ts';

/** The error for a text that this codec does not write. */
export function malformed(what: string, cause?: unknown): PipeError {
  const message = `${what} It was damaged, or not written by tspipe; run again what made it.`;
  return new PipeError('VALUE_MALFORMED', message, cause === undefined ? undefined : { cause });
}

export function expectString(node: unknown, tag: string): string {
  if (typeof node === 'string') return node;
  throw unexpected(node, tag, 'a string');
}

export function expectCount(node: unknown, tag: string): number {
  if (typeof node === 'number' && Number.isSafeInteger(node) && node >= 0) return node;
  throw unexpected(node, tag, 'a count');
}

export function expectList(node: unknown, tag: string): readonly unknown[] {
  if (Array.isArray(node)) return node;
  throw unexpected(node, tag, 'a list');
}

export function expectProperties(node: unknown, tag: string): Properties {
  if (typeof node === 'object' && node !== null && !Array.isArray(node)) return { ...node };
  throw unexpected(node, tag, 'an object');
}

function unexpected(node: unknown, tag: string, wanted: string): PipeError {
  const shown = JSON.stringify(node)?.slice(0, 60) ?? 'nothing';
  return malformed(`The stored ${tag} should hold ${wanted}, not ${shown}.`);
}
