import { builtinModules } from 'node:module';
import { lazily } from './syntax.ts';
/** The way from the global object to a function or object that every Node has: `['Object', 'defineProperty']`. */
export function globalPath(value) {
  return usualPath(value) ?? globalValues().get(value);
}
const USUAL = ['Object', 'Reflect', 'Math', 'Number', 'String', 'Array', 'JSON', 'Promise'];
/** Found without listing all there is, which takes 20 ms once. */
function usualPath(value) {
  if (typeof value !== 'function') return undefined;
  const { name } = value;
  if (dataProperty(globalThis, name) === value) return [name];
  const holder = USUAL.find((one) => dataProperty(globalThis[one], name) === value);
  if (holder !== undefined) return [holder, name];
  return dataProperty(Object.prototype, name) === value ? ['Object', 'prototype', name] : undefined;
}
/** The built-in module that exports a value, for values that were taken out of it in a way no import table shows. */
export function builtinExport(value) {
  for (const name of builtinModules) {
    if (name.startsWith('_') || DEPRECATED.has(name)) continue;
    const module = process.getBuiltinModule(name);
    const key = module === value ? '' : keyOf(module, value);
    if (key !== undefined) return { specifier: `node:${name.replace(/^node:/, '')}`, key };
  }
  return undefined;
}
// Looking into these prints a warning, or starts something.
const DEPRECATED = new Set([
  'punycode',
  'sys',
  'wasi',
  'trace_events',
  'inspector',
  'inspector/promises',
  'repl',
  'constants',
  'domain',
]);
function keyOf(module, value) {
  if ((typeof module !== 'object' && typeof module !== 'function') || module === null) return undefined;
  return Object.keys(module).find((key) => dataProperty(module, key) === value);
}
/** Whether the worker has a global of this name by itself. */
export function isStandardGlobal(name) {
  const property = Object.getOwnPropertyDescriptor(globalThis, name);
  // What a script puts on the global object can be enumerated; of Node's own only these can.
  return property?.enumerable !== true || ENUMERABLE.has(name);
}
const ENUMERABLE = new Set([
  'global',
  'clearImmediate',
  'setImmediate',
  'clearInterval',
  'clearTimeout',
  'setInterval',
  'setTimeout',
  'queueMicrotask',
  'structuredClone',
  'atob',
  'btoa',
  'performance',
  'fetch',
  'navigator',
  'crypto',
  'localStorage',
  'sessionStorage',
]);
const globalValues = lazily(() => {
  const found = new Map([[globalThis, []]]);
  for (const name of Object.getOwnPropertyNames(globalThis).filter(isStandardGlobal)) {
    addWithMembers(found, globalThis, [], name, 2);
  }
  return found;
});
function addWithMembers(found, holder, path, name, depth) {
  const value = dataProperty(holder, name);
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null || found.has(value))
    return;
  found.set(value, [...path, name]);
  if (depth === 0) return;
  for (const key of Object.getOwnPropertyNames(value))
    addWithMembers(found, value, [...path, name], key, depth - 1);
}
// Getters are not run: some of Node's load a module or print a warning.
function dataProperty(holder, key) {
  return Object.getOwnPropertyDescriptor(holder, key)?.value;
}
//# sourceMappingURL=intrinsics.js.map
