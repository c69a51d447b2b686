import { fileIdentity } from './queue-files.ts';

/** How often this process has a file open for writing. */
const counts = new Map<string, number>();

export function noteOpen(identity: string | undefined): void {
  if (identity !== undefined) counts.set(identity, (counts.get(identity) ?? 0) + 1);
}

export function noteClosed(identity: string | undefined): void {
  if (identity === undefined) return;
  const count = (counts.get(identity) ?? 0) - 1;
  if (count > 0) counts.set(identity, count);
  else counts.delete(identity);
}

/**
 * Whether this process has a queue open for writing. Then its files must not be opened and closed otherwise: the system
 * gives up all locks of a process on a file when it closes any descriptor of it.
 */
export function isOpenForWriting(path: string): boolean {
  return counts.has(fileIdentity(path) ?? '');
}
