import { importOf } from './import-table.ts';
import { moduleService } from './runner-wrappers.ts';
import { isEntry } from './source-file.ts';
import { importedVariable } from './own-modules.ts';
import { asNode } from './syntax.ts';
/** References out of a function, in the order in which it names them first. */
export function freeReferences(place) {
  const { file, node } = place;
  // The text of a method begins with its key, which may be computed and is evaluated only once, in its class.
  return file.referencesWithin(node.start, node.end).filter(({ resolved }) => {
    if (resolved === null) return true;
    const block = asNode(resolved.scope.block);
    return block.start < node.start || block.end > node.end;
  });
}
export function freeNames(file, seen) {
  const byVariable = Map.groupBy(seen, ({ reference }) => reference.resolved ?? reference.identifier.name);
  return [...byVariable.values()].map((found) => freeName(file, found));
}
function freeName(file, seen) {
  const reference = seen[0].reference;
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
    isRewritten: variable !== undefined && isRewritten(variable, file),
    cell: variable && cellOf(variable, file),
    isNeededAtOnce: seen.some((one) => one.isNeededAtOnce),
  };
}
/** The variable in which functions of an own module keep something, here or where it was imported from. */
export function cellOf(variable, file) {
  const origin = originOfVariable(variable, file);
  return isCell(origin.variable, origin.file) ? origin.variable : undefined;
}
/** Whether functions of an own module keep something in this variable. */
export function isCell(variable, file) {
  if (!file.isModuleScope(variable.scope) || isEntry(file)) return false;
  return laterWrites(variable).some(({ from }) => !file.isModuleScope(from.variableScope));
}
function isRewritten(variable, file) {
  return laterWrites(originOfVariable(variable, file).variable).length > 0;
}
/** The variable itself, or the one of another module that an import statement makes it stand for. */
function originOfVariable(variable, file) {
  const binding = variable.defs[0]?.type === 'ImportBinding' ? importOf(variable, file) : undefined;
  return (binding && importedVariable(binding, file)) ?? { variable, file };
}
function laterWrites(variable) {
  return variable.references.filter((reference) => reference.isWrite() && reference.init !== true);
}
function isModuleParameter(variable, file) {
  return variable.defs[0]?.type === 'Parameter' && file.isModuleScope(variable.scope);
}
//# sourceMappingURL=free-names.js.map
