import type * as Yaml from 'yaml';
import { PipeError } from '../errors.ts';
import { showValue } from '../util/index.ts';
import { loadYaml } from './config-document.ts';

/** What is set where a path of keys leads; comments, order, anchors and quotes stay. `text` is YAML. */
export function setIn(document: Yaml.Document, path: readonly string[], text: string): void {
  const { isMap, YAMLMap } = loadYaml();
  const value = parseValue(text);
  // A name or nothing gives way to a dictionary that is to hold the rest of the path.
  for (let length = 1; length < path.length; length++) {
    const parent = path.slice(0, length);
    if (!isMap(copyAlias(document, parent))) document.setIn(parent, new YAMLMap());
  }
  replace(document, path, value);
}

/** Takes out what stands where a path of keys leads, and maps that are empty then; false where nothing did. */
export function deleteIn(document: Yaml.Document, path: readonly string[]): boolean {
  const { isMap } = loadYaml();
  for (let length = 1; length < path.length; length++) copyAlias(document, path.slice(0, length));
  if (!document.hasIn(path)) return false;
  keepHead(document, path[0]);
  document.deleteIn(path);
  for (let length = path.length - 1; length > 0; length--) {
    const parent = document.getIn(path.slice(0, length), true);
    if (isMap(parent) && parent.items.length === 0) document.deleteIn(path.slice(0, length));
  }
  return true;
}

/** The document as text; no line is folded. */
export function textOf(document: Yaml.Document): string {
  const { isMap } = loadYaml();
  // An empty map would be written as `{}`.
  if (!isMap(document.contents) || document.contents.items.length > 0) {
    return document.toString({ lineWidth: 0 });
  }
  document.contents = null;
  const comments = document
    .toString()
    .replace(/^null\n/m, '')
    .trim();
  return comments === '' ? '' : `${comments}\n`;
}

function parseValue(text: string): unknown {
  try {
    const document = loadYaml().parseDocument(text);
    const [error] = [...document.errors, ...document.warnings];
    if (error !== undefined) throw error;
    return document.toJS();
  } catch (cause) {
    const [reason] = (cause instanceof Error ? cause.message : String(cause)).split('\n');
    throw new PipeError('OPTION_INVALID', `${showValue(text)} is not YAML: ${reason}`, { cause });
  }
}

/** What is changed below an alias is changed there only: a copy of what it stands for takes its place. */
function copyAlias(document: Yaml.Document, path: readonly string[]): unknown {
  const { isAlias, isNode, visit } = loadYaml();
  const node = document.getIn(path, true);
  if (!isAlias(node)) return node;
  const copy: unknown = node.resolve(document)?.clone();
  if (!isNode(copy)) return undefined;
  // The same anchor twice would lead the aliases below to the copy.
  visit(copy, { Collection: withoutAnchor, Scalar: withoutAnchor });
  copy.comment = node.comment ?? null;
  copy.commentBefore = node.commentBefore ?? null;
  document.setIn(path, copy);
  return copy;
}

function withoutAnchor(_key: unknown, node: Yaml.YAMLMap | Yaml.YAMLSeq | Yaml.Scalar): void {
  delete node.anchor;
}

/** The comment and the quotes of a value stay with the one that takes its place. */
function replace(document: Yaml.Document, path: readonly string[], value: unknown): void {
  const { isNode, isScalar } = loadYaml();
  const before = document.getIn(path, true);
  const node = document.createNode(value);
  if (isNode(before)) {
    node.comment = before.comment ?? null;
    node.commentBefore = before.commentBefore ?? null;
    if (before.spaceBefore) node.spaceBefore = true;
  }
  if (isScalar(before) && isScalar(node) && typeof before.value === typeof value && before.type) {
    node.type = before.type;
  }
  document.setIn(path, node);
}

/** What stands at the head of the file is about the file, and not about its first key. */
function keepHead(document: Yaml.Document, key: string | undefined): void {
  const { isMap, isNode, isScalar } = loadYaml();
  const first = isMap(document.contents) ? document.contents.items[0]?.key : undefined;
  if (!isNode(first) || !first.commentBefore || (isScalar(first) && first.value !== key)) return;
  document.commentBefore = [document.commentBefore, first.commentBefore].filter(Boolean).join('\n\n');
  first.commentBefore = null;
}
