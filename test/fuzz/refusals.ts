import { ERROR_CODES } from '../../src/errors.ts';

/** Whether an error is one of those that are documented. */
export function isRefusal(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code in ERROR_CODES
  );
}

/** What something makes of its input, or undefined where it refuses it as documented; other errors are finds. */
export function readOrRefuse<T>(read: () => T): { readonly value: T } | undefined {
  try {
    return { value: read() };
  } catch (error) {
    if (isRefusal(error)) return undefined;
    throw error;
  }
}
