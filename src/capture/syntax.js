import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
// The parsers take milliseconds to load, and most processes never capture anything.
export const acorn = lazily(() => require('acorn'));
export const eslintScope = lazily(() => require('eslint-scope'));
export const traceMapping = lazily(() => require('@jridgewell/trace-mapping'));
/** Calls `load` once, when it is first needed. */
export function lazily(load) {
  let loaded;
  return () => {
    loaded ??= { value: load() };
    return loaded.value;
  };
}
/** The tree of a whole script; `isModule` tells an ES module from a CommonJS or plain script. */
export function parseScript(text, isModule) {
  return acorn().parse(text, {
    ecmaVersion: 'latest',
    sourceType: isModule ? 'module' : 'commonjs',
    allowHashBang: true,
    // eslint-scope compares ranges.
    ranges: true,
  });
}
/** All scopes, variables and references of a tree. */
export function analyzeScopes(tree, isModule) {
  return eslintScope().analyze(tree, {
    ecmaVersion: 2024,
    sourceType: isModule ? 'module' : 'commonjs',
    ignoreEval: true,
    fallback: 'iteration',
  });
}
/** A node that eslint-scope holds is the node that acorn made. */
export function asNode(node) {
  return node;
}
/** Visits a tree in the order of the source; `ancestors` is shared between calls, the parent last. */
export function walk(root, visit) {
  const ancestors = [];
  const enter = (node) => {
    if (visit(node, ancestors) === 'skip') return;
    ancestors.push(node);
    for (const child of childrenOf(node)) enter(child);
    ancestors.pop();
  };
  enter(root);
}
/** The child nodes of a node. */
export function childrenOf(node) {
  const found = [];
  for (const value of Object.values(node)) {
    if (Array.isArray(value)) found.push(...value.filter(isNode));
    else if (isNode(value)) found.push(value);
  }
  return found;
}
export function isNode(value) {
  return typeof value === 'object' && value !== null && typeof value.type === 'string';
}
export function isFunctionNode(node) {
  return (
    node.type === 'FunctionDeclaration' ||
    node.type === 'FunctionExpression' ||
    node.type === 'ArrowFunctionExpression'
  );
}
export function isClassNode(node) {
  return node.type === 'ClassDeclaration' || node.type === 'ClassExpression';
}
/** The key of `a.key` or `a['key']` or `a[0]`; undefined when it is computed otherwise. */
export function staticKey(node) {
  if (node.type !== 'MemberExpression') return undefined;
  if (!node.computed) return node.property.type === 'Identifier' ? node.property.name : undefined;
  if (node.property.type !== 'Literal') return undefined;
  const { value } = node.property;
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}
/** The value of a string literal. */
export function stringValue(node) {
  return node?.type === 'Literal' && typeof node.value === 'string' ? node.value : undefined;
}
//# sourceMappingURL=syntax.js.map
