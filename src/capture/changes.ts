import { PipeError } from '../errors.ts';
import type { Island } from './island.ts';

/** The error for data that is not what it was, or undefined. */
export function changedData(before: readonly Island[], now: readonly Island[]): PipeError | undefined {
  for (const [index, island] of before.entries()) {
    const later = new Map(now[index]?.objects.contents());
    for (const [trail, text] of island.objects.contents()) {
      const found = later.get(trail);
      if (found !== text) return changeError(trail, text, found ?? 'nothing');
    }
  }
  return undefined;
}

function changeError(trail: string, before: string, now: string): PipeError {
  const { path, from, to } = firstDifference(before, now);
  return new PipeError(
    'CAPTURE_CHANGED',
    `CAPTURE_CHANGED ${trail}${path} ${from} → ${to}: a function was called with it and it changed before the call was stored; pass it as an argument.`,
  );
}

interface Difference {
  readonly path: string;
  readonly from: string;
  readonly to: string;
}

/** Where two encoded texts differ first. They are JSON, and plain for plain values. */
function firstDifference(before: string, now: string): Difference {
  try {
    return difference(JSON.parse(before), JSON.parse(now), '');
  } catch {
    return { path: '', from: shown(before), to: shown(now) };
  }
}

function difference(before: unknown, now: unknown, path: string): Difference {
  if (isObject(before) && isObject(now) && Array.isArray(before) === Array.isArray(now)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(now)])) {
      const one = Reflect.get(before, key);
      const other = Reflect.get(now, key);
      if (JSON.stringify(one) === JSON.stringify(other)) continue;
      return difference(one, other, Array.isArray(before) ? `${path}[${key}]` : `${path}.${key}`);
    }
  }
  return { path, from: shown(JSON.stringify(before)), to: shown(JSON.stringify(now)) };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function shown(text: string | undefined): string {
  if (text === undefined) return 'nothing';
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
