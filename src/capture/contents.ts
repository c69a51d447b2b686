import { type LinkText, parseProgram, type PlacedIsland, type UnitText } from './program-format.ts';

/** One thing that travels with a function. */
export interface Captured {
  readonly kind: 'function' | 'class' | 'data' | 'import';
  /** The name of a function; the way to data: `fraction → helper → params`; `package@version` of an import. */
  readonly name: string;
  /** Size of what is stored for it, in bytes; 0 for an import, which every worker loads by itself. */
  readonly bytes: number;
}

/** What is in the text of a program: its code first, then its data, largest first, then what it imports. */
export function programContents(text: string): readonly Captured[] {
  const { islands } = parseProgram(text);
  const data = islands.flatMap(dataOf).sort((a, b) => b.bytes - a.bytes);
  return [...islands.flatMap(codeOf), ...data, ...new Map(islands.flatMap(importsOf)).values()];
}

function codeOf({ island }: PlacedIsland): readonly Captured[] {
  return island.units.map((unit) => ({
    kind: unit.kind === 'class' ? 'class' : 'function',
    name: shownName(unit),
    bytes: Buffer.byteLength(unit.text),
  }));
}

/** Data objects, and plain values that stand where they are named. */
function dataOf({ island }: PlacedIsland): readonly Captured[] {
  const objects = island.about.captures.map(
    ({ trail, bytes }): Captured => ({ kind: 'data', name: trail, bytes }),
  );
  const met = new Set<LinkText>();
  const plain = (name: string, link: LinkText): readonly Captured[] => {
    if (met.has(link)) return [];
    met.add(link);
    if ('v' in link) return [{ kind: 'data', name, bytes: JSON.stringify(link.v).length }];
    if ('c' in link) return plain(name, island.cells[link.c] ?? link);
    const members = 'h' in link ? (island.holders[link.h]?.members ?? []) : [];
    return members.flatMap(([key, member]) => plain(`${name}.${key}`, member));
  };
  const named = island.units.flatMap((unit) =>
    unit.links.flatMap(([name, link]) => plain(`${shownName(unit)} → ${name}`, link)),
  );
  return [...objects, ...named];
}

function importsOf({ island }: PlacedIsland): readonly (readonly [string, Captured])[] {
  const versions = new Map(island.about.packages.map(({ specifier, version }) => [specifier, version]));
  return island.imports.map(({ specifier }) => {
    const version = versions.get(specifier);
    const name = version === undefined ? specifier : `${specifier}@${version}`;
    return [name, { kind: 'import', name, bytes: 0 }];
  });
}

function shownName({ name }: UnitText): string {
  return name === '' ? '(anonymous)' : name;
}
