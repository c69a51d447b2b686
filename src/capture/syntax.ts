import { createRequire } from 'node:module';
import type * as Acorn from 'acorn';
import type { AnyNode } from 'acorn';
import type * as EslintScope from 'eslint-scope';
import type * as TraceMapping from '@jridgewell/trace-mapping';

/** A node of a syntax tree, with `start` and `end` offsets into its source. */
export type Node = AnyNode;
export type Scope = EslintScope.Scope;
export type Variable = EslintScope.Variable;
export type Reference = EslintScope.Reference;
export type FunctionNode = Extract<
  AnyNode,
  { readonly type: 'FunctionDeclaration' | 'FunctionExpression' | 'ArrowFunctionExpression' }
>;
export type ClassNode = Extract<AnyNode, { readonly type: 'ClassDeclaration' | 'ClassExpression' }>;

const require = createRequire(import.meta.url);

// The parsers take milliseconds to load, and most processes never capture anything.
const acorn = lazily(() => require('acorn') as typeof Acorn);
const eslintScope = lazily(() => require('eslint-scope') as typeof EslintScope);
export const traceMapping = lazily(() => require('@jridgewell/trace-mapping') as typeof TraceMapping);

/** Calls `load` once, when it is first needed. */
export function lazily<Value>(load: () => Value): () => Value {
  let loaded: { readonly value: Value } | undefined;
  return () => {
    loaded ??= { value: load() };
    return loaded.value;
  };
}

/** The tree of a whole script; `isModule` tells an ES module from a CommonJS or plain script. */
export function parseScript(text: string, isModule: boolean): Acorn.Program {
  return acorn().parse(text, {
    ecmaVersion: 'latest',
    sourceType: isModule ? 'module' : 'commonjs',
    allowHashBang: true,
    // eslint-scope compares ranges.
    ranges: true,
  });
}

/** All scopes, variables and references of a tree. */
export function analyzeScopes(tree: Acorn.Program, isModule: boolean): EslintScope.ScopeManager {
  return eslintScope().analyze(tree as unknown as Parameters<typeof EslintScope.analyze>[0], {
    ecmaVersion: 2024,
    sourceType: isModule ? 'module' : 'commonjs',
    ignoreEval: true,
    fallback: 'iteration',
  });
}

/** A node that eslint-scope holds is the node that acorn made. */
export function asNode(node: unknown): Node {
  return node as Node;
}

/** Visits a tree in the order of the source; `ancestors` is shared between calls, the parent last. */
export function walk(
  root: Node,
  visit: (node: Node, ancestors: readonly Node[]) => 'skip' | undefined,
): void {
  const ancestors: Node[] = [];
  const enter = (node: Node): void => {
    if (visit(node, ancestors) === 'skip') return;
    ancestors.push(node);
    for (const child of childrenOf(node)) enter(child);
    ancestors.pop();
  };
  enter(root);
}

/** The child nodes of a node. */
function childrenOf(node: Node): readonly Node[] {
  const found: Node[] = [];
  for (const value of Object.values(node)) {
    if (Array.isArray(value)) found.push(...value.filter(isNode));
    else if (isNode(value)) found.push(value);
  }
  return found;
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Partial<Node>).type === 'string';
}

export function isFunctionNode(node: Node): node is FunctionNode {
  return (
    node.type === 'FunctionDeclaration' ||
    node.type === 'FunctionExpression' ||
    node.type === 'ArrowFunctionExpression'
  );
}

export function isClassNode(node: Node): node is ClassNode {
  return node.type === 'ClassDeclaration' || node.type === 'ClassExpression';
}

/** The key of `a.key` or `a['key']` or `a[0]`; undefined when it is computed otherwise. */
export function staticKey(node: Node): string | undefined {
  if (node.type !== 'MemberExpression') return undefined;
  if (!node.computed) return node.property.type === 'Identifier' ? node.property.name : undefined;
  if (node.property.type !== 'Literal') return undefined;
  const { value } = node.property;
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

/** The value of a string literal. */
export function stringValue(node: Node | null | undefined): string | undefined {
  return node?.type === 'Literal' && typeof node.value === 'string' ? node.value : undefined;
}
