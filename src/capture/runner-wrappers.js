import { asNode, isFunctionNode } from './syntax.ts';
const SERVICES = {
  require: 'require',
  exports: 'exports',
  module: 'module',
  __filename: 'filename',
  __dirname: 'dirname',
  __vite_ssr_import_meta__: 'meta',
  __vite_ssr_dynamic_import__: 'import',
};
/** What a name stands for that no statement of the module declares. */
export function moduleService(name) {
  return Object.hasOwn(SERVICES, name) ? SERVICES[name] : undefined;
}
/** The helper of a compiler that a call `helper(require('x'), …)` goes through; esbuild's, then TypeScript's. */
export function interopOf(callee, argumentCount) {
  if (callee === '__toESM') return argumentCount > 1 ? 'node' : 'babel';
  return callee === '__importStar' || callee === '__importDefault' ? 'babel' : undefined;
}
export const VITE_IMPORT = '__vite_ssr_import__';
/** `__name(value, "name")` of esbuild only keeps names, which travel by themselves. */
export const KEEP_NAME = '__name';
/** The scopes whose variables are variables of the module, although a runner may have put a function around it. */
export function moduleScopes(tree, scopes) {
  const blocks = new Set([tree]);
  const wrapper = wrapperOf(tree);
  if (wrapper !== undefined) {
    blocks.add(wrapper).add(wrapper.body);
    if (wrapper.body.type === 'BlockStatement' && wrapper.body.body.length === 1)
      blocks.add(wrapper.body.body[0]);
  }
  return new Set(scopes.filter((scope) => blocks.has(asNode(scope.block))));
}
// vitest: 'use strict';async (__vite_ssr_exports__, …) => {{ … }}    tsx, CommonJS: __filename="…";(()=>{ … })()
function wrapperOf(tree) {
  const last = tree.body.at(-1);
  if (last?.type !== 'ExpressionStatement' || tree.body.length > 2) return undefined;
  const called = last.expression.type === 'CallExpression' ? last.expression.callee : last.expression;
  if (!isFunctionNode(called) || called.type !== 'ArrowFunctionExpression') return undefined;
  const [first] = called.params;
  const isVite = first?.type === 'Identifier' && first.name === '__vite_ssr_exports__';
  return isVite || called.params.length === 0 ? called : undefined;
}
//# sourceMappingURL=runner-wrappers.js.map
