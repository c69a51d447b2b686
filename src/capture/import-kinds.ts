import type { ImportBinding } from './import-table.ts';
import type { Link } from './nodes.ts';
import type { SourceFile } from './source-file.ts';
import type { Variable } from './variables.ts';

/** Whether what an interop helper gave may depend on the module's `__esModule`. */
export function isFlagged({ path, interop }: ImportBinding, found: Variable | undefined): boolean {
  if (interop !== 'babel') return false;
  const module = path.length === 0 && found?.state === 'set' ? found.value : undefined;
  if (typeof module !== 'object' || module === null) return true;
  return Reflect.get(module, '__esModule') === true;
}

/** Functions alone, by themselves or as the members of a module that are used. */
export function isCode(link: Link): boolean {
  if (link.kind !== 'object') return link.kind === 'unit';
  return link.entry.group === undefined && [...link.entry.members.values()].every(isCode);
}

/** Whether an import gives a module, whose members are variables, and not one of its members. */
export function isWholeModule({ path }: ImportBinding, file: SourceFile | undefined): boolean {
  const isExports = path.length === 1 && path[0] === 'default' && file?.record.isModule === false;
  return path.length === 0 || isExports;
}
