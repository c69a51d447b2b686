import { isBuiltin } from 'node:module';
import type { ImportBinding } from './import-table.ts';
import type { Link, ObjectEntry } from './nodes.ts';

/** What a member of a linked value is linked to; undefined where the member is read in the worker. */
export function memberLink(link: Link, key: string): Link | undefined {
  switch (link.kind) {
    case 'object':
      return heldMember(link.entry, key);
    case 'import':
      return { ...link, binding: { ...link.binding, path: [...link.binding.path, key] } };
    case 'builtin':
      return { ...link, path: [...link.path, key] };
    default:
      return undefined;
  }
}

/** A member that travels by itself: a value that nobody changes, or a variable. */
export function heldMember(
  { group, isHandedOn, members, written }: ObjectEntry,
  key: string,
): Link | undefined {
  if (group !== undefined || isHandedOn) return undefined;
  const cell = written.get(key);
  return cell === undefined ? members.get(key) : { kind: 'cell', cell };
}

/**
 * What an import gives, whether by an import statement or by what compilers make of one. What `require` gives is told
 * apart only where it is another value: the module itself, and its default export.
 */
export function importForm(
  { specifier, path, mode, interop }: ImportBinding,
  isFlagged: boolean,
): readonly unknown[] {
  if (isBuiltin(specifier)) {
    const name = `node:${specifier.replace(/^node:/, '')}`;
    if (path[0] === 'default') return path.length > 1 ? [name, path.slice(1)] : [name, [], 'exports'];
    const isExports = path.length === 0 && mode === 'require' && interop === 'none';
    return isExports ? [name, [], 'exports'] : [name, path];
  }
  const isWhole = path[0] === undefined || path[0] === 'default';
  const isOther = mode === 'require' && isWhole && (interop === 'none' || (interop === 'babel' && isFlagged));
  return isOther ? [specifier, path, interop] : [specifier, path];
}
