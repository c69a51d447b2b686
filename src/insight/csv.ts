import { plainJson } from './plain-json.ts';

/** One line of comma-separated values (RFC 4180, with a line feed at the end). */
export function csvLine(values: readonly unknown[]): string {
  return `${values.map((value) => quote(csvText(value))).join(',')}\n`;
}

/** Numbers and texts as they are, nothing for null and undefined, all else as JSON. */
function csvText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  const plain = plainJson(value);
  return typeof plain === 'string' ? plain : JSON.stringify(plain);
}

function quote(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
