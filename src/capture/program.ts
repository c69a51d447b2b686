import { hash } from 'node:crypto';
import type { WrittenIsland } from './island-text.ts';
import type { PartRoot } from './nodes.ts';
import type { PackageUse } from './packages.ts';
import {
  type CaptureSize,
  parseProgram,
  type PlacedIsland,
  PROGRAM_FORMAT,
  type ProgramText,
} from './program-format.ts';

/** A captured function as data. */
export interface Program {
  /**
   * sha256, in hex, over the code and data that the function reaches and the names of what it imports. Comments,
   * layout, types, positions and versions of packages do not count.
   */
  readonly identity: string;
  /** JSON, from which `loadProgram` makes the function again. */
  readonly text: string;
  /** Large binary parts, that belong to `text`. */
  readonly blobs: readonly Uint8Array[];
  /** The source as the user wrote it, where it can be found; otherwise the code that ran. */
  readonly source: string;
  /** Names by position: `...rest` for a rest parameter, `{ a, b }` for a destructured one. */
  readonly parameters: readonly string[];
  /** The file and line (from 1) where the user wrote it; undefined in a REPL and for `node -e`. */
  readonly file: string | undefined;
  readonly line: number | undefined;
  /** Imported packages, of Node's own modules none, with the version that the importing file gets. */
  readonly packages: readonly PackageUse[];
  /** The data that travels with it, largest first. */
  readonly captures: readonly CaptureSize[];
  /** Size of all that data. */
  readonly bytes: number;
}

/** Puts islands together, the first of which is the root of all. */
export function assembleProgram(root: PartRoot, write: (root: PartRoot) => WrittenIsland): Program {
  const written = new Map<PartRoot, WrittenIsland>();
  const numbers: PartRoot[] = [];
  const visit = (part: PartRoot): void => {
    if (written.has(part)) return;
    const island = write(part);
    written.set(part, island);
    numbers.push(part);
    for (const next of island.parts) visit(next);
  };
  visit(root);
  const blobs: Uint8Array[] = [];
  const islands = [...written.values()].map(({ island, parts, blobs: own }): PlacedIsland => {
    const first = blobs.length;
    blobs.push(...own);
    return {
      island,
      parts: parts.map((part) => numbers.indexOf(part)),
      blobs: own.map((_, index) => first + index),
    };
  });
  return programOf(islands, blobs);
}

/**
 * The program of one of the islands in a program, the same as capturing its function by itself gives.
 *
 * `blobs` are those of the program; `part` counts from 0, its root.
 */
export function reroot(text: string, part: number, blobs: readonly Uint8Array[]): Program {
  return rerooted(parseProgram(text), part, blobs);
}

export function rerooted({ islands }: ProgramText, part: number, blobs: readonly Uint8Array[]): Program {
  const order: number[] = [];
  const visit = (number: number): void => {
    if (order.includes(number)) return;
    order.push(number);
    for (const next of islands[number]?.parts ?? []) visit(next);
  };
  visit(part);
  const used: Uint8Array[] = [];
  const placed = order.flatMap((number) => {
    const old = islands[number];
    if (old === undefined) return [];
    const first = used.length;
    used.push(...old.blobs.flatMap((blob) => blobs[blob] ?? []));
    const parts = old.parts.map((next) => order.indexOf(next));
    return [{ island: old.island, parts, blobs: old.blobs.map((_, index) => first + index) }];
  });
  return programOf(placed, used);
}

function programOf(islands: readonly PlacedIsland[], blobs: readonly Uint8Array[]): Program {
  const text: ProgramText = { version: PROGRAM_FORMAT, islands };
  const [{ about }] = islands.map(({ island }) => island) as [PlacedIsland['island']];
  const packages = islands.flatMap(({ island }) => island.about.packages);
  return {
    identity: hash('sha256', JSON.stringify(islands.map(({ island, parts }) => [island.hash, parts]))),
    text: JSON.stringify(text),
    blobs,
    source: about.source,
    parameters: about.parameters,
    file: about.file ?? undefined,
    line: about.line ?? undefined,
    packages: [...new Map(packages.map((used) => [`${used.specifier} ${used.version}`, used])).values()],
    captures: islands.flatMap(({ island }) => island.about.captures).sort((a, b) => b.bytes - a.bytes),
    bytes: islands.reduce((sum, { island }) => sum + island.about.bytes, 0),
  };
}
