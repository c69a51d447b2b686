import type { Program } from 'acorn';
import { asNode, isFunctionNode, type Node, type Scope, stringValue } from './syntax.ts';

/** Names that a runner or the module system gives to every module, and what they stand for. */
export type ModuleService = 'require' | 'filename' | 'dirname' | 'meta' | 'import' | 'exports' | 'module';

const SERVICES: Readonly<Record<string, ModuleService>> = {
  require: 'require',
  exports: 'exports',
  module: 'module',
  __filename: 'filename',
  __dirname: 'dirname',
  __vite_ssr_import_meta__: 'meta',
  __vite_ssr_dynamic_import__: 'import',
};

/** What a name stands for that no statement of the module declares. */
export function moduleService(name: string): ModuleService | undefined {
  return Object.hasOwn(SERVICES, name) ? SERVICES[name] : undefined;
}

/** How a compiler turns what `require` gives into what an `import` statement expects. */
export type Interop = 'none' | 'babel' | 'node';

/** The helper of a compiler that a call `helper(require('x'), …)` goes through; esbuild's, then TypeScript's. */
export function interopOf(callee: string, argumentCount: number): Interop | undefined {
  if (callee === '__toESM') return argumentCount > 1 ? 'node' : 'babel';
  return callee === '__importStar' || callee === '__importDefault' ? 'babel' : undefined;
}

export const VITE_IMPORT = '__vite_ssr_import__';

/** `__name(value, "name")` of esbuild only keeps names, which travel by themselves. */
export const KEEP_NAME = '__name';

/** The scopes whose variables are variables of the module, although a runner may have put a function around it. */
export function moduleScopes(tree: Program, scopes: readonly Scope[]): ReadonlySet<Scope> {
  const blocks = new Set<unknown>([tree]);
  const wrapper = wrapperOf(tree);
  if (wrapper !== undefined) {
    blocks.add(wrapper).add(wrapper.body);
    if (wrapper.body.type === 'BlockStatement' && wrapper.body.body.length === 1)
      blocks.add(wrapper.body.body[0]);
  }
  return new Set(scopes.filter((scope) => blocks.has(asNode(scope.block))));
}

// vitest: 'use strict';async (__vite_ssr_exports__, …) => {{ … }}    tsx, CommonJS: __filename="…";(()=>{ … })()
function wrapperOf(tree: Program) {
  const last = tree.body.at(-1);
  if (last?.type !== 'ExpressionStatement' || tree.body.length > 2) return undefined;
  const called: Node = last.expression.type === 'CallExpression' ? last.expression.callee : last.expression;
  if (!isFunctionNode(called) || called.type !== 'ArrowFunctionExpression') return undefined;
  const [first] = called.params;
  const isVite = first?.type === 'Identifier' && first.name === '__vite_ssr_exports__';
  return isVite || called.params.length === 0 ? called : undefined;
}

/**
 * `import()` of an own module, without what tsx puts behind it. For a package it stays: what it gives is another value
 * where the package says of itself that it was compiled.
 */
export function importedByTsx(node: Node, text: string): Node | undefined {
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return undefined;
  const { object } = node.callee;
  const specifier = object.type === 'ImportExpression' ? stringValue(object.source) : undefined;
  if (specifier === undefined || !/^[./]/.test(specifier)) return undefined;
  const then = text.slice(node.callee.property.start, node.end).replaceAll(/\s/g, '');
  return TSX_THEN.test(then) ? object : undefined;
}

const TSX_THEN =
  /^then\((\w+)=>\{const(\w+)="default";return(\1\[\2\])&&typeof\3=="object"&&"__esModule"in\3\?\3:\1\}\)$/;
