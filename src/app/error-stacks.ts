import { mapStack } from '../capture/index.ts';

/** What an error holds other errors in: `cause`, those of an AggregateError, those of a SuppressedError. */
const INNER = ['cause', 'errors', 'error', 'suppressed'] as const;

/** Gives an error, and all errors in it, stacks with the user's own files and lines. */
export function mapErrorStacks(error: unknown, seen = new Set<unknown>()): void {
  if (seen.has(error)) return;
  seen.add(error);
  if (Array.isArray(error)) for (const one of error) mapErrorStacks(one, seen);
  if (!(error instanceof Error)) return;
  const { stack } = error;
  // Whoever made the property read-only wants the stack as it is.
  if (typeof stack === 'string') Reflect.set(error, 'stack', withoutNode(mapStack(stack)));
  for (const key of INNER) if (Object.hasOwn(error, key)) mapErrorStacks(Reflect.get(error, key), seen);
}

/** Frames inside Node say nothing to the user. */
function withoutNode(stack: string): string {
  return stack.replaceAll(/\n\s+at [^\n]*\(?node:[^\n]*/g, '');
}
