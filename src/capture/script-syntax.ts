import type { Program } from 'acorn';
import { moduleScopes } from './runner-wrappers.ts';
import {
  analyzeScopes,
  asNode,
  type ClassNode,
  type FunctionNode,
  isClassNode,
  isFunctionNode,
  type Node,
  parseScript,
  type Reference,
  type Scope,
} from './syntax.ts';

/** A function or class with its own scope. */
export interface Definition {
  readonly node: FunctionNode | ClassNode;
  readonly scope: Scope;
}
/** What is known of a script from its text alone, in the order of the source. */
export interface ScriptSyntax {
  readonly tree: Program;
  readonly moduleScopes: ReadonlySet<Scope>;
  readonly references: readonly { readonly start: number; readonly reference: Reference }[];
  readonly definitions: readonly Definition[];
}

export function readSyntax(text: string, isModule: boolean): ScriptSyntax {
  const tree = parseScript(text, isModule);
  const { scopes } = analyzeScopes(tree, isModule);
  const references = scopes
    .flatMap((scope) => scope.references)
    .map((reference) => ({ start: asNode(reference.identifier).start, reference }))
    .sort((a, b) => a.start - b.start);
  const definitions = scopes
    .filter((scope) => scope.type === 'function' || scope.type === 'class')
    .map((scope) => ({ node: asNode(scope.block), scope }))
    .filter((found): found is Definition => isFunctionNode(found.node) || isClassNode(found.node))
    .sort((a, b) => startOf(a) - startOf(b));
  return { tree, moduleScopes: moduleScopes(tree, scopes), references, definitions };
}

export function bodyOf(block: Node): Node {
  return isFunctionNode(block) ? block.body : block;
}

export function startOf({ node }: Definition): number {
  return node.start;
}

/** The engine counts the same ends of lines. */
export function lineStartsOf(text: string): readonly number[] {
  return [0, ...Array.from(text.matchAll(/\r\n|[\n\r\u2028\u2029]/g), (end) => end.index + end[0].length)];
}

/** Index of the first item whose number is `value` or more. */
export function lowerBound<Item>(
  items: readonly Item[],
  value: number,
  numberOf: (item: Item) => number,
): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = items[middle];
    if (item !== undefined && numberOf(item) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
