import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exportsOf, starExports } from './export-table.ts';
import { importOf, type ImportBinding } from './import-table.ts';
import { inspector } from './inspector.ts';
import { privateImports } from './linked-packages.ts';
import { pathsFor } from './module-content.ts';
import { isForeign, originOf } from './packages.ts';
import { type SourceFile, sourceFile } from './source-file.ts';
import type { Variable } from './syntax.ts';

/** A variable of a module, with the module. */
export interface ModuleVariable {
  readonly variable: Variable;
  readonly file: SourceFile;
}

/** The variable behind an export of one of the user's own modules; undefined where that cannot be told. */
export function importedVariable(binding: ImportBinding, from: SourceFile): ModuleVariable | undefined {
  return variableOf(binding, from, new Set());
}

/** The variable that a module exports under a name. */
export function exportedVariable(file: SourceFile, name: string): ModuleVariable | undefined {
  return variableOfExport(file, name, new Set());
}

/** Modules may pass on what they have from each other; `met` ends that. */
function variableOf(binding: ImportBinding, from: SourceFile, met: Set<string>): ModuleVariable | undefined {
  const [name] = binding.path;
  if (name === undefined || originOf(binding.specifier, from.path) !== 'own') return undefined;
  const file = ownModule(binding.specifier, from);
  return file && variableOfExport(file, name, met);
}

function variableOfExport(file: SourceFile, name: string, met: Set<string>): ModuleVariable | undefined {
  const key = `${file.record.id} ${name}`;
  if (met.has(key)) return undefined;
  met.add(key);
  const known = exportsOf(file).get(name);
  if (known !== undefined && 'binding' in known) return variableOf(known.binding, file, met);
  if (known !== undefined) return variableNamed(known.local, file, met);
  for (const source of starExports(file)) {
    const other = ownModule(source, file);
    const found = other && variableOfExport(other, name, met);
    if (found !== undefined) return found;
  }
  return undefined;
}

function variableNamed(name: string, file: SourceFile, met: Set<string>): ModuleVariable | undefined {
  const variable = file.moduleVariable(name);
  if (variable?.defs[0]?.type !== 'ImportBinding') return variable && { variable, file };
  const binding = importOf(variable, file);
  return binding && variableOf(binding, file, met);
}

/** The running script that an import of an own module gives. */
export function ownModule(specifier: string, from: SourceFile): SourceFile | undefined {
  if (specifier.endsWith('.json')) return undefined;
  const paths = new Set(basesOf(specifier, from.path ?? join(process.cwd(), '[eval]')).flatMap(pathsFor));
  let found: string | undefined;
  for (const { id, url } of inspector().scripts()) {
    if (!isForeign(url) && paths.has(pathOf(url))) found = id;
  }
  return found === undefined ? undefined : sourceFile(found);
}

function pathOf(url: string): string {
  return url.startsWith('file:') ? fileURLToPath(url.replace(/[?#].*$/, '')) : url;
}

function basesOf(specifier: string, from: string): readonly string[] {
  if (specifier.startsWith('file:')) return [fileURLToPath(specifier)];
  // vite writes paths that begin at its root.
  if (specifier.startsWith('/')) return [specifier, resolve(`.${specifier}`)];
  if (specifier.startsWith('#')) return privateImports(specifier, from);
  return [resolve(dirname(from), specifier)];
}
