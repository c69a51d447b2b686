/** A piece of a text that another one takes the place of. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The text between two offsets with the edits in it made. */
export function edited(text: string, start: number, end: number, edits: readonly Edit[]): string {
  const parts: string[] = [];
  let at = start;
  for (const edit of sorted(edits)) {
    parts.push(text.slice(at, edit.start), edit.text);
    at = edit.end;
  }
  return parts.join('') + text.slice(at, end);
}

/** How far to the right an offset moves on its line by the edits before it. */
export function shift(text: string, offset: number, edits: readonly Edit[]): number {
  let moved = 0;
  for (const edit of edits) {
    const isBefore = edit.end <= offset && !text.slice(edit.end, offset).includes('\n');
    if (isBefore) moved += edit.text.length - (edit.end - edit.start);
  }
  return moved;
}

/** As long as `text` and with its line breaks, but blank, so that what follows keeps its place. */
export function blanked(text: string): string {
  return text.replace(/[^\n\r\u2028\u2029]/g, ' ');
}

function sorted(edits: readonly Edit[]): readonly Edit[] {
  return [...edits].sort((a, b) => a.start - b.start);
}
