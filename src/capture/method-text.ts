import type { Place } from './source-file.ts';
import type { Edit } from './text-edits.ts';

/** Makes the computed key of a method a plain one: what it was computed from is not needed any more. */
export function methodKeyEdit(place: Place): Edit | undefined {
  const key = keyText(place);
  if (!key.endsWith(']')) return undefined;
  const start = place.start + key.indexOf('[');
  return { start, end: place.start + key.length, text: '["method"]' };
}

export function isAccessorText(place: Place): boolean {
  return /^(get|set)[\s[]/.test(keyText(place));
}

export function isPrivateText(place: Place): boolean {
  return keyText(place).includes('#');
}

/** What stands before the parameters of a method: `async *[Symbol.iterator]`. */
function keyText({ file, start, node }: Place): string {
  return file.text.slice(start, node.start).trimEnd();
}
