import { isClassNode } from './syntax.ts';
import { originalPosition, originalText } from './source-maps.ts';
/** The names of parameters by position: `...rest` for a rest parameter, `{ a, b }` for a destructured one. */
export function parameterNames({ node, file }) {
  return isClassNode(node) ? [] : node.params.map((parameter) => parameterName(parameter, file.text));
}
function parameterName(node, text) {
  if (node.type === 'Identifier') return node.name;
  if (node.type === 'AssignmentPattern') return parameterName(node.left, text);
  if (node.type === 'RestElement') return `...${parameterName(node.argument, text)}`;
  if (node.type === 'ObjectPattern') {
    const keys = node.properties.map((property) =>
      property.type === 'RestElement' ? parameterName(property, text) : parameterName(property.value, text),
    );
    return `{ ${keys.join(', ')} }`;
  }
  if (node.type !== 'ArrayPattern') return text.slice(node.start, node.end);
  return `[${node.elements.map((item) => (item === null ? '' : parameterName(item, text))).join(', ')}]`;
}
/** The source of a function as its author wrote it, where that can be found. */
export function readableSource(place) {
  const { file, node, start } = place;
  const compiled = file.text.slice(start, node.end);
  const from = originalPosition(file, file.position(start));
  const to = originalPosition(file, file.position(node.end - 1));
  if (from === undefined || to === undefined || to.file !== from.file) return compiled;
  const text = originalText(file, from.file);
  if (text === undefined) return compiled;
  const end = offsetAt(text, to.line, to.column);
  const begin = offsetAt(text, from.line, from.column);
  return end <= begin ? compiled : text.slice(begin, wholeEnd(text, begin, end));
}
function offsetAt(text, line, column) {
  let start = 0;
  for (let left = line; left > 0; left--) start = text.indexOf('\n', start) + 1;
  return start + column;
}
/** The end of what was begun: the last position that is known may lie before the closing brackets. */
function wholeEnd(text, begin, known) {
  let depth = 0;
  for (let at = begin; at < text.length; at++) {
    const char = text.charAt(at);
    if ('([{'.includes(char)) depth++;
    if (')]}'.includes(char)) depth--;
    const isClosed = depth === 0 && char === '}';
    if (at >= known && (isClosed || depth < 0)) return depth < 0 ? at : at + 1;
    if (at > known && depth === 0 && /[;,\n]/.test(char)) return at;
  }
  return text.length;
}
//# sourceMappingURL=readable.js.map
