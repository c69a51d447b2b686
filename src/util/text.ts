import { inspect } from 'node:util';

/** A value as an error message shows it: on one line, and cut when long. */
export function showValue(value: unknown, maxLength = 60): string {
  const text =
    typeof value === 'string' ? JSON.stringify(value) : inspect(value, { depth: 1, breakLength: Infinity });
  const line = text.replaceAll(/\s*\n\s*/g, ' ');
  return line.length <= maxLength ? line : `${line.slice(0, maxLength - 1)}…`;
}

/** The last `count` lines of a text, without what is blank around them. */
export function lastLines(text: string, count: number): string {
  return text.trim().split('\n').slice(-count).join('\n');
}
