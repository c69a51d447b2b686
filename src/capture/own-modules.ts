import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ImportBinding } from './import-table.ts';
import { inspector } from './inspector.ts';
import { pathsFor } from './module-content.ts';
import { isForeign, originOf } from './packages.ts';
import { type SourceFile, sourceFile } from './source-file.ts';
import { type Node, stringValue, type Variable } from './syntax.ts';

/** A variable of a module, with the module. */
export interface ModuleVariable {
  readonly variable: Variable;
  readonly file: SourceFile;
}

/** The variable behind an export of one of the user's own modules; undefined where that cannot be told. */
export function importedVariable(binding: ImportBinding, from: SourceFile): ModuleVariable | undefined {
  const [name] = binding.path;
  if (name === undefined || originOf(binding.specifier, from.path) !== 'own') return undefined;
  const file = ownModule(binding.specifier, from);
  return file && exportedVariable(file, name);
}

/** The variable that a module exports under a name. */
export function exportedVariable(file: SourceFile, name: string): ModuleVariable | undefined {
  const known = exportsOf(file).get(name);
  if (known !== undefined) return resolved(known, file);
  for (const { source } of starExports(file)) {
    const other = source === undefined ? undefined : ownModule(source, file);
    const found = other && exportedVariable(other, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The running script that an import of an own module gives. */
export function ownModule(specifier: string, from: SourceFile): SourceFile | undefined {
  if (from.path === undefined || specifier.endsWith('.json')) return undefined;
  const target = specifier.startsWith('file:') ? fileURLToPath(specifier) : specifier;
  // vite writes paths that begin at its root.
  const bases = target.startsWith('/')
    ? [target, resolve(`.${target}`)]
    : [resolve(dirname(from.path), target)];
  const paths = new Set(bases.flatMap(pathsFor));
  let found: string | undefined;
  for (const { id, url } of inspector().scripts()) {
    if (
      !isForeign(url) &&
      paths.has(url.startsWith('file:') ? fileURLToPath(url.replace(/[?#].*$/, '')) : url)
    ) {
      found = id;
    }
  }
  return found === undefined ? undefined : sourceFile(found);
}

/** A local variable, or an export of another module. */
interface Export {
  readonly local: string;
  readonly source: string | undefined;
}

const exportTables = new WeakMap<SourceFile, ReadonlyMap<string, Export>>();

function exportsOf(file: SourceFile): ReadonlyMap<string, Export> {
  const known = exportTables.get(file) ?? new Map(file.moduleStatements().flatMap(exportsIn));
  exportTables.set(file, known);
  return known;
}

function starExports(file: SourceFile): readonly { readonly source: string | undefined }[] {
  return file.moduleStatements().flatMap((statement) => {
    if (statement.type !== 'ExportAllDeclaration' || statement.exported) return [];
    return [{ source: stringValue(statement.source) }];
  });
}

function resolved({ local, source }: Export, file: SourceFile): ModuleVariable | undefined {
  if (source !== undefined) {
    const other = ownModule(source, file);
    return other && exportedVariable(other, local);
  }
  const variable = file.moduleVariable(local);
  return variable && { variable, file };
}

function exportsIn(statement: Node): readonly (readonly [string, Export])[] {
  switch (statement.type) {
    case 'ExportNamedDeclaration': {
      const source = stringValue(statement.source);
      const listed = statement.specifiers.map(
        ({ exported, local }) => [nameOf(exported), { local: nameOf(local), source }] as const,
      );
      return [...listed, ...declaredNames(statement.declaration).map((name) => same(name))];
    }
    case 'ExportDefaultDeclaration': {
      const { declaration } = statement;
      if (declaration.type === 'Identifier')
        return [['default', { local: declaration.name, source: undefined }]];
      const id = 'id' in declaration ? declaration.id : undefined;
      return id?.type === 'Identifier' ? [['default', { local: id.name, source: undefined }]] : [];
    }
    case 'ExpressionStatement':
      return fromRunner(statement.expression);
    default:
      return [];
  }
}

// tsx, CommonJS: __export(exports, { name: () => local })    vite: __vite_ssr_exportName__("name", () => { … return local … })
function fromRunner(node: Node): readonly (readonly [string, Export])[] {
  if (node.type !== 'CallExpression' || node.callee.type !== 'Identifier') return [];
  const [first, second] = node.arguments;
  if (node.callee.name === '__vite_ssr_exportName__') {
    const name = stringValue(first);
    const local = second && returnedName(second);
    return name === undefined || local === undefined ? [] : [[name, { local, source: undefined }]];
  }
  if (node.callee.name !== '__export' || second?.type !== 'ObjectExpression') return [];
  return second.properties.flatMap((property) => {
    if (property.type !== 'Property') return [];
    const local = returnedName(property.value);
    return local === undefined ? [] : [[nameOf(property.key), { local, source: undefined }] as const];
  });
}

function returnedName(getter: Node): string | undefined {
  if (getter.type !== 'ArrowFunctionExpression') return undefined;
  if (getter.body.type === 'Identifier') return getter.body.name;
  const [statement] = getter.body.type === 'BlockStatement' ? getter.body.body : [];
  const inner = statement?.type === 'TryStatement' ? statement.block.body[0] : statement;
  const argument = inner?.type === 'ReturnStatement' ? inner.argument : undefined;
  return argument?.type === 'Identifier' ? argument.name : undefined;
}

function declaredNames(declaration: Node | null | undefined): readonly string[] {
  if (declaration?.type === 'VariableDeclaration') {
    return declaration.declarations.flatMap(({ id }) => (id.type === 'Identifier' ? [id.name] : []));
  }
  const id = declaration && 'id' in declaration ? declaration.id : undefined;
  return id?.type === 'Identifier' ? [id.name] : [];
}

function same(name: string): readonly [string, Export] {
  return [name, { local: name, source: undefined }];
}

function nameOf(node: Node): string {
  if (node.type === 'Identifier') return node.name;
  return stringValue(node) ?? '';
}
