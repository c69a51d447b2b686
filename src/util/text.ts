import { inspect } from 'node:util';
import { maskSecrets } from './secret-values.ts';

// So that a secret is not cut before it is found.
const MOST_READ = 10_000;

/** A value as an error message shows it: on one line, cut when long, and without secrets. */
export function showValue(value: unknown, maxLength = 60): string {
  const text =
    typeof value === 'string'
      ? JSON.stringify(maskSecrets(value.slice(0, MOST_READ)).slice(0, maxLength))
      : maskSecrets(inspect(value, { depth: 1, breakLength: Infinity }));
  // Not by one expression for the blanks on both sides: on many of them it takes the square of their number.
  const line = text
    .split('\n')
    .map((part) => part.trim())
    .join(' ');
  return line.length <= maxLength ? line : `${line.slice(0, maxLength - 1)}…`;
}

/** The last `count` lines of a text, without what is blank around them. */
export function lastLines(text: string, count: number): string {
  return text.trim().split('\n').slice(-count).join('\n');
}
