import { statSync, truncateSync } from 'node:fs';

const MIB = 1024 * 1024;

/** Beyond `above` bytes a file is cut to `to`: more than any task keeps of it, and than was there when it began. */
interface Trim {
  readonly above: number;
  readonly to: number;
}

const PLAIN: Trim = { above: 64 * MIB, to: 32 * MIB };
// A result is never cut: what is left is too large for one, and fails.
const RESULT: Trim = { above: 352 * MIB, to: 300 * MIB };

/** Keeps what a task writes, to a file in which others append, from filling the disk. */
export function trimOutput(path: string, { isResult }: { readonly isResult: boolean }): void {
  const { above, to } = isResult ? RESULT : PLAIN;
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > above) truncateSync(path, to);
}
