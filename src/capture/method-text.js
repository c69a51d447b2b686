/** Makes the computed key of a method a plain one: what it was computed from is not needed any more. */
export function methodKeyEdit(place) {
  const key = keyText(place);
  if (!key.endsWith(']')) return undefined;
  const start = place.start + key.indexOf('[');
  return { start, end: place.start + key.length, text: '["method"]' };
}
export function isAccessorText(place) {
  return /^(get|set)[\s[]/.test(keyText(place));
}
export function isPrivateText(place) {
  return keyText(place).includes('#');
}
/** What stands before the parameters of a method: `async *[Symbol.iterator]`. */
function keyText({ file, start, node }) {
  return file.text.slice(start, node.start).trimEnd();
}
//# sourceMappingURL=method-text.js.map
