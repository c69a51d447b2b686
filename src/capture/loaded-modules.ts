import { isMadeUp, loadWith } from './module-loads.ts';
import type { Link, UnitNode } from './nodes.ts';
import { moduleFiles } from './module-content.ts';
import { isMisread } from './module-kind.ts';
import { originOf } from './packages.ts';
import { refusal, type Trail } from './refusal.ts';

/**
 * The specifiers of the modules that a function loads while it runs, as far as they are known at the call.
 *
 * @throws `CAPTURE_REFUSED` for a relative path that is made up, and for a module that no worker could read.
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
    if (load.length !== 1 || typeof specifier !== 'string') return [];
    checkReadable(specifier, facts.place.file.path, trail);
    return [specifier];
  });
}

/** A worker is plain Node: it knows neither aliases of the runner nor its way of reading modules. */
function checkReadable(specifier: string, from: string | undefined, trail: Trail): void {
  const cure = 'Import it by a statement of the script';
  const [file] = moduleFiles(specifier, from).keys();
  if (file !== undefined && isMisread(file)) {
    throw refusal(
      trail,
      `it imports ${specifier} when it runs, an ES module that Node reads as CommonJS because of its package.json`,
      cure,
    );
  }
  const isAlias = !/^([./#]|[a-z]+:)/.test(specifier) && originOf(specifier, from) === 'own';
  if (file === undefined && isAlias) {
    throw refusal(trail, `it imports ${specifier} when it runs, which Node does not find from there`, cure);
  }
}

/** What a link stands for, or one of its members by own data properties. */
function valueAt(link: Link | undefined, path: readonly string[]): unknown {
  if (link?.kind !== 'inline' && link?.kind !== 'object') return undefined;
  const start: unknown = link.kind === 'inline' ? link.value : link.entry.value;
  return path.reduce((value, key) => Object.getOwnPropertyDescriptor(Object(value), key)?.value, start);
}
