import { isStandardGlobal } from './intrinsics.ts';
import { importOf, type ImportBinding, isLoaded } from './import-table.ts';
import { type ModuleService, moduleService } from './runner-wrappers.ts';
import { isEntry, type Place, type SourceFile } from './source-file.ts';
import type { Use } from './member-uses.ts';
import { importedVariable, type ModuleVariable } from './own-modules.ts';
import { originOf } from './packages.ts';
import { asNode, type Reference, type Variable } from './syntax.ts';

/** A name that a function uses and does not declare. */
export interface FreeName {
  readonly name: string;
  readonly variable: Variable | undefined;
  readonly uses: readonly Use[];
  readonly binding: ImportBinding | undefined;
  /** Set when the name is one that the module system gives to a module. */
  readonly service: ModuleService | undefined;
  /** The function itself assigns it. */
  readonly isAssigned: boolean;
  /** Somebody assigns it after its declaration, so that its value has to be read again at every call. */
  readonly isRewritten: boolean;
  /** The variable of an own module that functions assign, and so all functions of a task share. */
  readonly cell: Variable | undefined;
  /** Needed already when a class is made, not only when something of it is called. */
  readonly isNeededAtOnce: boolean;
}

/** A reference with the nodes around it looked at. */
export interface SeenReference {
  readonly reference: Reference;
  readonly use: Use;
  readonly isNeededAtOnce: boolean;
}

/** References out of a function, in the order in which it names them first. */
export function freeReferences(place: Place): readonly Reference[] {
  const { file, node } = place;
  // The text of a method begins with its key, which may be computed and is evaluated only once, in its class.
  return file.referencesWithin(node.start, node.end).filter(({ resolved }) => {
    if (resolved === null) return true;
    const block = asNode(resolved.scope.block);
    return block.start < node.start || block.end > node.end;
  });
}

export function freeNames(file: SourceFile, seen: readonly SeenReference[]): readonly FreeName[] {
  const byVariable = Map.groupBy(seen, ({ reference }) => reference.resolved ?? reference.identifier.name);
  return [...byVariable.values()].map((found) => freeName(file, found));
}

function freeName(file: SourceFile, seen: readonly SeenReference[]): FreeName {
  const reference = (seen[0] as SeenReference).reference;
  const variable = reference.resolved ?? undefined;
  const { name } = reference.identifier;
  const isOutside = variable === undefined || isModuleParameter(variable, file);
  return {
    name,
    variable,
    uses: seen.map(({ use }) => use),
    binding: variable && importOf(variable, file),
    service: isOutside ? moduleService(name) : undefined,
    isAssigned: seen.some((one) => one.reference.isWrite()),
    isRewritten: variable === undefined ? isOpenGlobal(name) : isRewritten(variable, file),
    cell: variable && cellOf(variable, file),
    isNeededAtOnce: seen.some((one) => one.isNeededAtOnce),
  };
}

/** The variable in which functions of an own module keep something, here or where it was imported from. */
export function cellOf(variable: Variable, file: SourceFile): Variable | undefined {
  const origin = originOfVariable(variable, file);
  return origin && isCell(origin.variable, origin.file) ? origin.variable : undefined;
}

/** Whether functions of an own module keep something in this variable. */
export function isCell(variable: Variable, file: SourceFile): boolean {
  if (!file.isModuleScope(variable.scope) || isEntry(file) || isLoaded(file)) return false;
  return laterWrites(variable).some(({ from }) => !file.isModuleScope(from.variableScope));
}

function isRewritten(variable: Variable, file: SourceFile): boolean {
  const origin = originOfVariable(variable, file);
  if (origin === undefined || laterWrites(origin.variable).length > 0) return true;
  return isOpenToOthers(origin);
}

/** What no text declares: any script may write it, and so may code that puts it on the global object. */
function isOpenGlobal(name: string): boolean {
  const isOfModule = moduleService(name) !== undefined;
  return !isOfModule && !(Object.hasOwn(globalThis, name) && isStandardGlobal(name));
}

/** Each input at a prompt is a script, which can write what another one declared. */
function isOpenToOthers({ variable, file }: ModuleVariable): boolean {
  return file.path === undefined && !file.record.isModule && file.isModuleScope(variable.scope);
}

/**
 * The variable itself, or the one of another module that an import statement makes it stand for; undefined where that
 * one cannot be told.
 */
function originOfVariable(variable: Variable, file: SourceFile): ModuleVariable | undefined {
  const binding = variable.defs[0]?.type === 'ImportBinding' ? importOf(variable, file) : undefined;
  const isOwn = binding !== undefined && originOf(binding.specifier, file.path) === 'own';
  const isWhole = binding?.path.length === 0 || binding?.specifier.endsWith('.json') === true;
  return isOwn && !isWhole ? importedVariable(binding, file) : { variable, file };
}

function laterWrites(variable: Variable): readonly Reference[] {
  return variable.references.filter((reference) => reference.isWrite() && reference.init !== true);
}

function isModuleParameter(variable: Variable, file: SourceFile): boolean {
  return variable.defs[0]?.type === 'Parameter' && file.isModuleScope(variable.scope);
}
