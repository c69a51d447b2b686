// Holds the house as drawn in docs/architecture.md: node scripts/check-imports.ts [folder], default src.
// dependency-cruiser would do this, but it cannot read TypeScript with version 7 of the compiler.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { parseSync, Visitor } from 'oxc-parser';

// From top to bottom. A folder imports only folders on lower rows, never one on its own row.
const ROWS: readonly (readonly string[])[] = [
  ['cli', 'repl'],
  ['insight'],
  ['manager'],
  ['task-manager'],
  ['agent', 'worker'],
  ['file-manager'],
  ['queue'],
  ['app', 'provider', 'scheduler'],
  ['environment', 'provenance', 'context'],
  ['config', 'serialization', 'capture'],
  ['store'],
  ['model', 'util'],
];
/** The wiring, which may import every folder and which nobody imports. */
const WIRING = 'index.ts';
/** What stands beside the folders, for all. */
const LEAVES = ['errors.ts', 'compile-cache.ts'];
/** Modules of Node that one folder alone may import. */
const RESERVED = new Map([['node:sqlite', 'store']]);

interface Import {
  readonly from: string;
  /** The specifier as written. */
  readonly specifier: string;
  /** The file it names, relative to the root; undefined for packages and modules of Node. */
  readonly to: string | undefined;
}

/** What is wrong with the imports below a folder, types included; a line each. */
export function checkImports(root: string): string[] {
  const files = globSync('**/*.ts', { cwd: root }).sort();
  if (files.length === 0) return [`No TypeScript in ${root}.`];
  const imports = files.flatMap((from) => importsOf(root, from));
  return [
    ...files.flatMap((file) => wrongPlace(file)),
    ...imports.flatMap((one) => {
      const fault = one.to === undefined ? wrongModule(one) : wrongDirection(root, one, one.to);
      return fault === undefined ? [] : [`${one.from} imports ${one.specifier}: ${fault}.`];
    }),
    ...cycles(imports).map((cycle) => `cycle: ${cycle.join(' → ')}.`),
  ];
}

function importsOf(root: string, from: string): Import[] {
  const path = join(root, from);
  const { program, errors } = parseSync(path, readFileSync(path, 'utf8'));
  if (errors.length > 0) throw new Error(`${path} cannot be parsed: ${errors[0]?.message}`);
  const specifiers: string[] = [];
  const add = (node: { readonly source?: unknown } | null): void => {
    const specifier = literal(node?.source);
    if (specifier !== undefined) specifiers.push(specifier);
  };
  new Visitor({
    ImportDeclaration: add,
    ExportNamedDeclaration: add,
    ExportAllDeclaration: add,
    ImportExpression: add,
    TSImportType: add,
    TSExternalModuleReference: (node) => add({ source: node.expression }),
  }).visit(program);
  return specifiers.map((specifier) => ({
    from,
    specifier,
    to: specifier.startsWith('.') ? relative(root, resolve(dirname(path), specifier)) : undefined,
  }));
}

/** The text of `'x'` and of `` `x` ``; undefined for what is known at run time only. */
function literal(node: unknown): string | undefined {
  const { value, quasis } = (node ?? {}) as { value?: unknown; quasis?: { value: { cooked: string } }[] };
  return typeof value === 'string' ? value : quasis?.length === 1 ? quasis[0]?.value.cooked : undefined;
}

function wrongPlace(file: string): string[] {
  const folder = folderOf(file);
  if (folder === undefined) {
    return file === WIRING || LEAVES.includes(file) ? [] : [`${file} stands in no folder.`];
  }
  return rowOf(folder) === -1 ? [`${file} stands in ${folder}/, which has no row.`] : [];
}

function wrongModule({ from, specifier }: Import): string | undefined {
  const owner = RESERVED.get(specifier);
  return owner === undefined || folderOf(from) === owner ? undefined : `only ${owner}/ may`;
}

function wrongDirection(root: string, { from }: Import, to: string): string | undefined {
  if (!existsSync(join(root, to))) return 'there is no such file';
  if (to.startsWith('..') || LEAVES.includes(to)) return undefined;
  if (to === WIRING) return 'nothing imports the wiring';
  const [own, other] = [folderOf(from), folderOf(to)];
  if (own === other || other === undefined) return undefined;
  if (to !== `${other}/index.ts`) return `${other}/ is entered by its index.ts`;
  if (own === undefined) return from === WIRING ? undefined : 'a leaf imports no folder';
  return rowOf(own) < rowOf(other) ? undefined : `${other}/ is not below ${own}/`;
}

function folderOf(file: string): string | undefined {
  return file.includes('/') ? file.split('/')[0] : undefined;
}

function rowOf(folder: string): number {
  return ROWS.findIndex((row) => row.includes(folder));
}

/** One cycle for each import that closes one. */
function cycles(imports: readonly Import[]): string[][] {
  const targets = new Map<string, string[]>();
  for (const { from, to } of imports)
    if (to !== undefined) targets.set(from, [...(targets.get(from) ?? []), to]);
  const done = new Set<string>();
  const found: string[][] = [];
  const visit = (file: string, trail: readonly string[]): void => {
    if (trail.includes(file)) found.push([...trail.slice(trail.indexOf(file)), file]);
    else if (!done.has(file)) {
      for (const target of new Set(targets.get(file))) visit(target, [...trail, file]);
      done.add(file);
    }
  };
  for (const file of targets.keys()) visit(file, []);
  return found;
}

if (import.meta.main) {
  const faults = checkImports(resolve(process.argv[2] ?? join(import.meta.dirname, '../src')));
  for (const fault of faults) console.error(fault);
  if (faults.length > 0) process.exitCode = 1;
}
