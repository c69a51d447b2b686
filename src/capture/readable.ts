import type { Place } from './source-file.ts';
import { isClassNode, type Node } from './syntax.ts';
import { originalPosition, originalText, textOnDisk } from './source-maps.ts';

/** The names of parameters by position: `...rest` for a rest parameter, `{ a, b }` for a destructured one. */
export function parameterNames({ node, file }: Place): readonly string[] {
  return isClassNode(node) ? [] : node.params.map((parameter) => parameterName(parameter, file.text));
}

function parameterName(node: Node, text: string): string {
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

const sources = new WeakMap<Node, string>();

/**
 * The source of a function as its author wrote it, where that can be found; otherwise the code that ran. Looked for
 * once: the file may be edited while the script runs.
 */
export function readableSource(place: Place): string {
  const { file, node, start } = place;
  const source =
    sources.get(node) ?? mappedSource(place) ?? unstrippedSource(place) ?? file.text.slice(start, node.end);
  sources.set(node, source);
  return source;
}

/** By the source map, which knows where names stand, and not always the brackets around them. */
function mappedSource({ file, node, start }: Place): string | undefined {
  const isArrow = node.type === 'ArrowFunctionExpression' && !node.async;
  const anchor = isArrow ? (node.params[0] ?? node.body).start : start;
  const from = originalPosition(file, file.position(anchor));
  const to = originalPosition(file, file.position(node.end - 1));
  const text = from && from.file === to?.file ? originalText(file, from.file) : undefined;
  if (from === undefined || to === undefined || text === undefined) return undefined;
  const known = offsetAt(text, to.line, to.column);
  const first = offsetAt(text, from.line, from.column);
  const begin = isArrow ? arrowBegin(text, first, node.params.length > 0) : first;
  const end = begin > known ? undefined : functionEnd(text, begin, known);
  return end === undefined ? undefined : text.slice(begin, end).trimEnd();
}

/** Node puts blanks in the place of types, so that all else stands where it stood in the file. */
function unstrippedSource({ file, node, start }: Place): string | undefined {
  const text = file.path === undefined ? undefined : textOnDisk(file.path);
  if (text === undefined) return undefined;
  for (let at = start; at < node.end; at++) {
    const [ran, written] = [file.text[at], text[at]];
    if (ran !== written && ran !== ' ' && ran !== ';') return undefined;
  }
  let begin = start;
  while (file.text[begin - 1] === ' ') begin--;
  const before = text.slice(begin, start).trimStart();
  return (/^<.*>\s*$/s.test(before) ? before : '') + text.slice(start, node.end);
}

function offsetAt(text: string, line: number, column: number): number {
  let start = 0;
  for (let left = line; left > 0; left--) start = text.indexOf('\n', start) + 1;
  return start + column;
}

/** Where an arrow function begins, given where its first parameter does, or its body where it has none. */
function arrowBegin(text: string, known: number, hasParameters: boolean): number {
  if (hasParameters) return parametersBegin(text, known);
  const before = text.lastIndexOf('=>', known);
  const arrow = /^=>[\s({]*$/.test(text.slice(before, known)) ? before : text.indexOf('=>', known);
  const brackets = /\(\s*\)\s*(:[^=;]*)?$/.exec(text.slice(0, arrow));
  return brackets === null ? known : parametersBegin(text, brackets.index);
}

/** Where the parameters of an arrow function begin, given where the first of them does: type parameters belong to them. */
function parametersBegin(text: string, first: number): number {
  const bracket = text[first] === '(' ? first : lastBefore(text, first);
  if (text[bracket] !== '(') return first;
  let at = lastBefore(text, bracket);
  if (text[at] !== '>' || text[at - 1] === '=') return bracket;
  for (let depth = 0; at >= 0; at--) {
    if (text[at] === '>' && text[at - 1] !== '=') depth++;
    if (text[at] === '<' && --depth === 0) return at;
  }
  return bracket;
}

/** The last character before that is no white space. */
function lastBefore(text: string, index: number): number {
  return text.slice(0, index).trimEnd().length - 1;
}

// What may hold brackets that are none: comments, strings, templates.
const LITERAL = /\/\/[^\n]*|\/\*.*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/sy;

/** The end of what was begun: the last position that is known may lie before the closing brackets. */
function functionEnd(text: string, begin: number, known: number): number | undefined {
  let depth = 0;
  for (let at = begin; at < text.length; at++) {
    LITERAL.lastIndex = at;
    const [literal] = LITERAL.exec(text) ?? [];
    if (literal !== undefined) {
      at += literal.length - 1;
      continue;
    }
    const char = text.charAt(at);
    if ('([{'.includes(char)) depth++;
    if (')]}'.includes(char)) depth--;
    if (depth < 0) return at > known ? at : undefined;
    if (at >= known && depth === 0 && char === '}') return at + 1;
    if (at > known && depth === 0 && /[;,\n]/.test(char)) return at;
  }
  return depth === 0 ? text.length : undefined;
}
