/** The text between two offsets with the edits in it made. */
export function edited(text, start, end, edits) {
  const parts = [];
  let at = start;
  for (const edit of sorted(edits)) {
    parts.push(text.slice(at, edit.start), edit.text);
    at = edit.end;
  }
  return parts.join('') + text.slice(at, end);
}
/** How far to the right an offset moves on its line by the edits before it. */
export function shift(text, offset, edits) {
  let moved = 0;
  for (const edit of edits) {
    const isBefore = edit.end <= offset && !text.slice(edit.end, offset).includes('\n');
    if (isBefore) moved += edit.text.length - (edit.end - edit.start);
  }
  return moved;
}
/** As long as `text` and with its line breaks, but blank, so that what follows keeps its place. */
export function blanked(text) {
  return text.replace(/[^\n\r\u2028\u2029]/g, ' ');
}
export function sorted(edits) {
  return [...edits].sort((a, b) => a.start - b.start);
}
//# sourceMappingURL=text-edits.js.map
