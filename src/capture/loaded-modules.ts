import { isMadeUp, loadWith } from './module-loads.ts';
import type { Link, UnitNode } from './nodes.ts';
import { refusal } from './refusal.ts';

/**
 * The specifiers of the modules that a function loads while it runs, as far as they are known at the call.
 *
 * @throws `CAPTURE_REFUSED` for a relative path that is made up.
 */
export function loadedModules({ facts, links, trail }: UnitNode): readonly string[] {
  return facts.loads.flatMap((written) => {
    const load = loadWith(written, (name, path) => valueAt(links.get(name), path));
    if (isMadeUp(load)) {
      throw refusal(
        trail,
        'it imports a relative path that is known only when it runs, so a change of that module would go unseen',
        'Import it by a statement of the script, or pass the value as an argument',
      );
    }
    const [specifier] = load;
    return load.length === 1 && typeof specifier === 'string' ? [specifier] : [];
  });
}

/** What a link stands for, or one of its members by own data properties. */
function valueAt(link: Link | undefined, path: readonly string[]): unknown {
  if (link?.kind !== 'inline' && link?.kind !== 'object') return undefined;
  const start: unknown = link.kind === 'inline' ? link.value : link.entry.value;
  return path.reduce((value, key) => Object.getOwnPropertyDescriptor(Object(value), key)?.value, start);
}
