import { hash } from 'node:crypto';
import type { FunctionFacts } from './function-facts.ts';
import { moduleContent } from './module-content.ts';
import type { DataText, HolderText, ImportText, LinkText, UnitText } from './program-format.ts';

/** The numbered things of an island, each list growing while others are written. */
export interface IslandLists {
  readonly units: UnitText[];
  readonly data: DataText[];
  readonly holders: HolderText[];
  readonly cells: LinkText[];
}

/** What counts in place of the texts: facts of the units, keys of the data, and paths of the files. */
export interface Meanings {
  readonly facts: readonly FunctionFacts[];
  readonly keys: readonly string[];
  readonly files: readonly (string | undefined)[];
}

interface HashedIsland extends IslandLists {
  readonly imports: readonly ImportText[];
  readonly receiver: LinkText | undefined;
}

/** Code by its meaning, data by its canonical key, imports by what they name and linked packages by content; not files, lines or versions. */
export function islandHash(island: HashedIsland, { facts, keys, files }: Meanings): string {
  const units = island.units.map(({ kind, strict, name, links, own, proto }, index) => {
    const code = facts[index]?.code();
    const linked = links.map(([, link]) => linkForm(link, files));
    return [kind, strict, name, code, linked, own, proto, loadedModules(facts[index])];
  });
  const data = island.data.map(({ links }, index) => [keys[index], links]);
  const imports = island.imports.map(({ specifier, path, file }) => {
    const content = moduleContent(specifier, files[file]);
    return content === undefined ? [specifier, path] : [specifier, path, content];
  });
  const form = JSON.stringify([units, data, island.holders, island.cells, imports, island.receiver]);
  return hash('sha256', form);
}

function loadedModules(facts: FunctionFacts | undefined): readonly unknown[] {
  return facts?.imports.map((specifier) => moduleContent(specifier, facts.place.file.path)) ?? [];
}

/** The place of a file counts only where the code can see it. */
function linkForm(link: LinkText, files: Meanings['files']): unknown {
  if (!('s' in link)) return link;
  const seesPath = link.s === 'meta' || link.s === 'filename' || link.s === 'dirname';
  return seesPath ? [link.s, files[link.f]] : link.s;
}
