import { packageSpecifier } from './package-specifier.ts';
import { interopOf, type Interop, VITE_IMPORT } from './runner-wrappers.ts';
import type { SourceFile } from './source-file.ts';
import { asNode, type Node, staticKey, stringValue, type Variable } from './syntax.ts';

/** What an import binds a variable to: `path` leads from the module to the value, `['default']` for a default. */
export interface ImportBinding {
  readonly specifier: string;
  readonly path: readonly string[];
  readonly mode: 'import' | 'require';
  readonly interop: Interop;
}

/**
 * What a variable was imported as, by a statement or by what compilers and runners make of one; also
 * `const { join } = path`, where `path` was imported. Undefined for variables that are assigned again.
 */
export function importOf(variable: Variable, file: SourceFile): ImportBinding | undefined {
  const known = found.get(variable);
  if (known !== undefined) return known.binding;
  // Set before it is looked for, so that variables that are defined by each other end.
  found.set(variable, { binding: undefined });
  const binding = findImport(variable, file);
  found.set(variable, { binding });
  return binding;
}

/** What an expression such as `path.join` was imported as. */
export function importOfExpression(node: Node, file: SourceFile): ImportBinding | undefined {
  return fromExpression(unwrapped(node), file);
}

const found = new WeakMap<Variable, { readonly binding: ImportBinding | undefined }>();

const loaded = new Map<string, ReadonlyMap<string, ImportBinding>>();

/** In a worker: what the variables around a function are that came from a queue, for when it travels on. */
export function registerImports(script: string, imports: ReadonlyMap<string, ImportBinding>): void {
  loaded.set(script, imports);
}

/** Whether a script is a function that came from a queue. */
export function isLoaded(file: SourceFile): boolean {
  return loaded.has(file.record.url);
}

function findImport(variable: Variable, file: SourceFile): ImportBinding | undefined {
  const around = loaded.get(file.record.url);
  if (around !== undefined && file.isModuleScope(variable.scope)) return around.get(variable.name);
  const [definition, ...others] = variable.defs;
  if (definition === undefined || others.length > 0) return undefined;
  const node = asNode(definition.node);
  if (definition.type === 'ImportBinding') return fromStatement(node, asNode(definition.parent));
  if (node.type !== 'VariableDeclarator' || node.init === null || node.init === undefined) return undefined;
  if (variable.references.filter((reference) => reference.isWrite()).length > 1) return undefined;
  const path = patternPath(node.id, variable.name);
  const from = path && fromExpression(node.init, file);
  return from && { ...from, path: [...from.path, ...path] };
}

function fromStatement(specifier: Node, declaration: Node): ImportBinding | undefined {
  const source = declaration.type === 'ImportDeclaration' ? stringValue(declaration.source) : undefined;
  if (source === undefined) return undefined;
  return { specifier: source, path: importedPath(specifier), mode: 'import', interop: 'none' };
}

function importedPath(specifier: Node): readonly string[] {
  if (specifier.type === 'ImportDefaultSpecifier') return ['default'];
  if (specifier.type !== 'ImportSpecifier') return [];
  const { imported } = specifier;
  return [imported.type === 'Identifier' ? imported.name : String(imported.value)];
}

/** Where in a destructuring pattern a name gets its value from; undefined for rest elements and defaults. */
function patternPath(pattern: Node, name: string): readonly string[] | undefined {
  if (pattern.type === 'Identifier') return pattern.name === name ? [] : undefined;
  if (pattern.type !== 'ObjectPattern') return undefined;
  for (const property of pattern.properties) {
    if (property.type !== 'Property' || property.computed) continue;
    const rest = patternPath(property.value, name);
    const key = property.key.type === 'Identifier' ? property.key.name : stringValue(property.key);
    if (rest !== undefined && key !== undefined) return [key, ...rest];
  }
  return undefined;
}

function fromExpression(node: Node, file: SourceFile): ImportBinding | undefined {
  switch (node.type) {
    case 'AwaitExpression':
      return fromImportCall(node.argument);
    case 'CallExpression':
      return fromCall(node, file);
    case 'Identifier': {
      const variable = file.referenceAt(node.start)?.resolved;
      return variable ? importOf(variable, file) : undefined;
    }
    case 'MemberExpression': {
      const key = staticKey(node);
      const from = key === undefined ? undefined : fromExpression(node.object, file);
      return from && key !== undefined ? { ...from, path: [...from.path, key] } : undefined;
    }
    default:
      return undefined;
  }
}

function fromImportCall(node: Node): ImportBinding | undefined {
  const isVite =
    node.type === 'CallExpression' && node.callee.type === 'Identifier' && node.callee.name === VITE_IMPORT;
  const source = isVite ? node.arguments[0] : node.type === 'ImportExpression' ? node.source : undefined;
  const written = stringValue(source);
  if (written === undefined) return undefined;
  return { specifier: packageSpecifier(written), path: [], mode: 'import', interop: 'none' };
}

function fromCall(node: Node & { type: 'CallExpression' }, file: SourceFile): ImportBinding | undefined {
  const [first] = node.arguments;
  if (first === undefined) return undefined;
  if (isBuiltinGetter(node.callee) || isRequire(node.callee, file)) {
    const specifier = stringValue(first);
    return specifier === undefined ? undefined : { specifier, path: [], mode: 'require', interop: 'none' };
  }
  const interop =
    node.callee.type === 'Identifier' ? interopOf(node.callee.name, node.arguments.length) : undefined;
  const inner = interop === undefined ? undefined : fromExpression(first, file);
  return inner && interop !== undefined ? { ...inner, interop } : undefined;
}

function isBuiltinGetter(callee: Node): boolean {
  if (staticKey(callee) !== 'getBuiltinModule' || callee.type !== 'MemberExpression') return false;
  return callee.object.type === 'Identifier' && callee.object.name === 'process';
}

/** `require` itself, or a variable that `createRequire` gave. */
function isRequire(callee: Node, file: SourceFile): boolean {
  if (callee.type !== 'Identifier') return false;
  const variable = file.referenceAt(callee.start)?.resolved;
  if (variable === null || variable === undefined) return callee.name === 'require';
  return isMadeBy(variable, 'createRequire', file);
}

/** Whether a variable holds what an imported function of `node:module` returned. */
export function isMadeBy(variable: Variable, maker: string, file: SourceFile): boolean {
  const node = variable.defs[0] && asNode(variable.defs[0].node);
  const made = node?.type === 'VariableDeclarator' ? node.init : undefined;
  return made?.type === 'CallExpression' && isMakerCall(made, maker, file);
}

/** Whether a call is one of an imported function of `node:module`. */
export function isMakerCall(
  call: Node & { readonly type: 'CallExpression' },
  maker: string,
  file: SourceFile,
): boolean {
  const callee = fromExpression(unwrapped(call.callee), file);
  return callee?.path.at(-1) === maker && /^(node:)?module$/.test(callee.specifier);
}

/** `(0, a.b)` of compilers is `a.b`. */
function unwrapped(node: Node): Node {
  return node.type === 'SequenceExpression' ? (node.expressions.at(-1) ?? node) : node;
}
