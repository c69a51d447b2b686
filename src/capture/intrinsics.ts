import { builtinModules } from 'node:module';
import { lazily } from './syntax.ts';

/** The way from the global object to a function or object that every Node has: `['Object', 'defineProperty']`. */
export function globalPath(value: object): readonly string[] | undefined {
  return processPath(value) ?? usualPath(value) ?? globalValues().get(value);
}

/** A symbol that every Node has: `['Symbol', 'iterator']`. */
export function symbolPath(value: symbol): readonly string[] | undefined {
  const name = Object.getOwnPropertyNames(Symbol).find((key) => dataProperty(Symbol, key) === value);
  return name === undefined ? undefined : ['Symbol', name];
}

/** A getter gives `process`, and getters are not run. */
function processPath(value: object): readonly string[] | undefined {
  if (value === process) return ['process'];
  return value === process.env ? ['process', 'env'] : undefined;
}

const USUAL = ['Object', 'Reflect', 'Math', 'Number', 'String', 'Array', 'JSON', 'Promise'] as const;

/** Found without listing all there is, which takes 20 ms once. */
function usualPath(value: object): readonly string[] | undefined {
  if (typeof value !== 'function') return undefined;
  const { name } = value;
  if (dataProperty(globalThis, name) === value) return [name];
  const holder = USUAL.find((one) => dataProperty(globalThis[one], name) === value);
  if (holder !== undefined) return [holder, name];
  return dataProperty(Object.prototype, name) === value ? ['Object', 'prototype', name] : undefined;
}

/** The built-in module that exports a value, for values that were taken out of it in a way no import table shows. */
export function builtinExport(
  value: object,
): { readonly specifier: string; readonly key: string } | undefined {
  for (const name of builtinModules) {
    if (name.startsWith('_') || DEPRECATED.has(name)) continue;
    const module: unknown = process.getBuiltinModule(name);
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

function keyOf(module: unknown, value: object): string | undefined {
  if ((typeof module !== 'object' && typeof module !== 'function') || module === null) return undefined;
  return Object.keys(module).find((key) => dataProperty(module, key) === value);
}

/** Whether the worker has a global of this name by itself. */
export function isStandardGlobal(name: string): boolean {
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
  const found = new Map<object, readonly string[]>([[globalThis, []]]);
  for (const name of Object.getOwnPropertyNames(globalThis).filter(isStandardGlobal)) {
    addWithMembers(found, globalThis, [], name, 2);
  }
  return found;
});

function addWithMembers(
  found: Map<object, readonly string[]>,
  holder: object,
  path: readonly string[],
  name: string,
  depth: number,
): void {
  const value = dataProperty(holder, name);
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null || found.has(value))
    return;
  found.set(value, [...path, name]);
  if (depth === 0) return;
  for (const key of Object.getOwnPropertyNames(value))
    addWithMembers(found, value, [...path, name], key, depth - 1);
}

// Getters are not run: some of Node's load a module or print a warning.
function dataProperty(holder: object, key: string): unknown {
  return Object.getOwnPropertyDescriptor(holder, key)?.value;
}
