import { importOfExpression, type ImportBinding } from './import-table.ts';
import type { SourceFile } from './source-file.ts';
import { type Node, stringValue } from './syntax.ts';

/** What a module exports under a name: a variable of its own, or what it imports from another module. */
export type Export = { readonly local: string } | { readonly binding: ImportBinding };

/** The exports of a module by name, without those that it passes on with `export *`. */
export function exportsOf(file: SourceFile): ReadonlyMap<string, Export> {
  const known = exportTables.get(file);
  if (known !== undefined) return known;
  const table = new Map(file.moduleStatements().flatMap((statement) => exportsIn(statement, file)));
  exportTables.set(file, table);
  return table;
}

const exportTables = new WeakMap<SourceFile, ReadonlyMap<string, Export>>();

/** The modules of which a module passes everything on. */
export function starExports(file: SourceFile): readonly string[] {
  return file.moduleStatements().flatMap((statement) => {
    if (statement.type === 'ExpressionStatement') return passedOn(statement.expression, file);
    if (statement.type !== 'ExportAllDeclaration' || statement.exported) return [];
    return stringValue(statement.source) ?? [];
  });
}

// tsx, CommonJS: __reExport(exports, require("./other"), module.exports)    tsc: __exportStar(require("./other"), exports)
function passedOn(node: Node, file: SourceFile): readonly string[] {
  if (node.type !== 'CallExpression' || node.callee.type !== 'Identifier') return [];
  if (!/^(__reExport|__exportStar|__vite_ssr_exportAll__)$/.test(node.callee.name)) return [];
  return node.arguments.flatMap((argument) => importOfExpression(argument, file)?.specifier ?? []);
}

type Entry = readonly [name: string, found: Export];

function exportsIn(statement: Node, file: SourceFile): readonly Entry[] {
  switch (statement.type) {
    case 'ExportNamedDeclaration': {
      const source = stringValue(statement.source);
      const listed = statement.specifiers.map(
        ({ exported, local }): Entry => [nameOf(exported), exportOf(nameOf(local), source)],
      );
      return [...listed, ...declaredNames(statement.declaration).map((local): Entry => [local, { local }])];
    }
    case 'ExportDefaultDeclaration': {
      const { declaration } = statement;
      if (declaration.type === 'Identifier') return [['default', { local: declaration.name }]];
      const id = 'id' in declaration ? declaration.id : undefined;
      return id?.type === 'Identifier' ? [['default', { local: id.name }]] : [];
    }
    case 'ExpressionStatement':
      return fromRunner(statement.expression, file);
    default:
      return [];
  }
}

function exportOf(name: string, specifier: string | undefined): Export {
  if (specifier === undefined) return { local: name };
  return { binding: { specifier, path: [name], mode: 'import', interop: 'none' } };
}

// tsx, CommonJS: __export(exports, { name: () => local })    vite: __vite_ssr_exportName__("name", () => { … return local … })
// tsc, CommonJS: Object.defineProperty(exports, "name", { enumerable: true, get: function () { return other_1.name; } })
function fromRunner(node: Node, file: SourceFile): readonly Entry[] {
  if (node.type !== 'CallExpression') return [];
  const [first, second, third] = node.arguments;
  if (node.callee.type === 'MemberExpression') return fromDefinition(stringValue(second), third, file);
  if (node.callee.type !== 'Identifier') return [];
  if (node.callee.name === '__vite_ssr_exportName__') return entry(stringValue(first), second, file);
  if (node.callee.name !== '__export' || second?.type !== 'ObjectExpression') return [];
  return second.properties.flatMap((property) =>
    property.type === 'Property' ? entry(nameOf(property.key), property.value, file) : [],
  );
}

function fromDefinition(name: string | undefined, descriptor: Node | undefined, file: SourceFile) {
  if (descriptor?.type !== 'ObjectExpression') return [];
  return descriptor.properties.flatMap((property) =>
    property.type === 'Property' && nameOf(property.key) === 'get' ? entry(name, property.value, file) : [],
  );
}

function entry(name: string | undefined, getter: Node | undefined, file: SourceFile): readonly Entry[] {
  const value = getter && returned(getter);
  if (name === undefined || value === undefined) return [];
  if (value.type === 'Identifier') return [[name, { local: value.name }]];
  const binding = importOfExpression(value, file);
  return binding === undefined ? [] : [[name, { binding }]];
}

function returned(getter: Node): Node | undefined {
  if (getter.type !== 'ArrowFunctionExpression' && getter.type !== 'FunctionExpression') return undefined;
  if (getter.body.type !== 'BlockStatement') return getter.body;
  const [statement] = getter.body.body;
  const inner = statement?.type === 'TryStatement' ? statement.block.body[0] : statement;
  return inner?.type === 'ReturnStatement' ? (inner.argument ?? undefined) : undefined;
}

function declaredNames(declaration: Node | null | undefined): readonly string[] {
  if (declaration?.type === 'VariableDeclaration')
    return declaration.declarations.flatMap(({ id }) => patternNames(id));
  const id = declaration && 'id' in declaration ? declaration.id : undefined;
  return id?.type === 'Identifier' ? [id.name] : [];
}

function patternNames(pattern: Node | null): readonly string[] {
  switch (pattern?.type) {
    case 'Identifier':
      return [pattern.name];
    case 'AssignmentPattern':
      return patternNames(pattern.left);
    case 'RestElement':
      return patternNames(pattern.argument);
    case 'ArrayPattern':
      return pattern.elements.flatMap(patternNames);
    case 'ObjectPattern':
      return pattern.properties.flatMap((property) =>
        patternNames(property.type === 'RestElement' ? property : property.value),
      );
    default:
      return [];
  }
}

function nameOf(node: Node): string {
  return node.type === 'Identifier' ? node.name : (stringValue(node) ?? '');
}
