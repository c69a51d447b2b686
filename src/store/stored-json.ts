import { PipeError } from '../errors.ts';

/** An object that a column holds as JSON; who wrote it knows its type. Throws `QUEUE_DAMAGED`. */
export function storedObject<T extends object>(text: string): T {
  const value = parsed(text);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as T;
  throw damaged(text);
}

/** A list of texts that a column holds as JSON. Throws `QUEUE_DAMAGED`. */
export function storedTexts(text: string): string[] {
  const value = parsed(text);
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  throw damaged(text);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw damaged(text, cause);
  }
}

function damaged(text: unknown, cause?: unknown): PipeError {
  return new PipeError(
    'QUEUE_DAMAGED',
    `The queue file holds ${JSON.stringify(String(text).slice(0, 60))} where something else was stored. See: tspipe check.`,
    cause === undefined ? undefined : { cause },
  );
}
