import { PipeError } from '../errors.ts';
import type { ImportBinding } from './import-table.ts';
import type { Json } from './nodes.ts';
import type { PackageUse } from './packages.ts';
import type { ModuleService } from './runner-wrappers.ts';
import type { UnitKind } from './unit-script.ts';

/** The version that `ProgramText.version` says; a worker refuses others. */
export const PROGRAM_FORMAT = 1;

/** The text of a program: islands, of which the first is the captured function with all it reaches. */
export interface ProgramText {
  readonly version: number;
  readonly islands: readonly PlacedIsland[];
}

/** An island, and the numbers in this program of the islands and blobs that it counts by itself. */
export interface PlacedIsland {
  readonly island: IslandText;
  readonly parts: readonly number[];
  readonly blobs: readonly number[];
}

/** All that one function reaches. It is the same text in every program that it is part of. */
export interface IslandText {
  /** sha256 of what counts for identity, without the islands it refers to. */
  readonly hash: string;
  readonly about: ProgramAbout;
  readonly receiver?: LinkText;
  /** The first is the function itself. */
  readonly units: readonly UnitText[];
  readonly data: readonly DataText[];
  readonly holders: readonly HolderText[];
  readonly cells: readonly LinkText[];
  readonly imports: readonly ImportText[];
  readonly classes?: readonly ClassText[];
  readonly files: readonly (string | null)[];
  /** Own modules that the code loads where it runs, and so are to be there what they were at the call. */
  readonly modules?: readonly ModuleText[];
}

/** A module that is loaded where a task runs. */
export interface ModuleText {
  readonly specifier: string;
  /** The number of the file that loads it. */
  readonly file: number;
  /** sha256 of its text and of those of the own modules that it imports, sorted. */
  readonly hashes: readonly string[];
}

/** What people are told of a program. */
interface ProgramAbout {
  readonly name: string;
  readonly source: string;
  readonly parameters: readonly string[];
  readonly file: string | null;
  readonly line: number | null;
  readonly packages: readonly PackageUse[];
  readonly captures: readonly CaptureSize[];
  readonly bytes: number;
}

/** One piece of data that travels with a program. */
export interface CaptureSize {
  /** The way to it: `fraction → helper → params`. */
  readonly trail: string;
  readonly bytes: number;
}

/** What a name stands for: a number counts in the list of that kind, of the same island. */
export type LinkText =
  | { readonly v: Json }
  | { readonly u: number }
  | { readonly d: number; readonly at?: number }
  | { readonly h: number }
  | { readonly c: number }
  | { readonly i: number }
  | { readonly g: readonly string[] }
  | { readonly s: ModuleService; readonly f: number }
  | { readonly p: number };

export interface UnitText {
  readonly kind: UnitKind;
  readonly name: string;
  readonly strict: boolean;
  readonly text: string;
  readonly links: readonly (readonly [name: string, link: LinkText])[];
  /** Names that are needed when the class is made. */
  readonly first?: readonly string[];
  readonly own?: readonly (readonly [key: string, link: LinkText])[];
  readonly proto?: readonly (readonly [key: string, link: LinkText])[];
  /** 0-based position of the text in the file that ran. */
  readonly at: readonly [line: number, column: number];
  readonly file: number;
  /** Where the file was compiled: the file that the user wrote, and a source map of this text alone. */
  readonly map?: { readonly file: string; readonly mappings: string };
  /** Each copy is to be its own, because it holds what can change. */
  readonly keeps?: boolean;
}

export interface DataText {
  readonly text: string;
  readonly blobs: readonly number[];
  readonly links: readonly LinkText[];
}

export interface HolderText {
  readonly array: boolean;
  readonly members: readonly (readonly [key: string, link: LinkText])[];
}

/** A class whose instances travel by functions. */
export interface ClassText {
  readonly name: string;
  readonly owner?: LinkText;
  readonly encode: LinkText;
  readonly decode: LinkText;
}

export interface ImportText extends ImportBinding {
  readonly file: number;
}

/** The JSON of a program, read. */
export function parseProgram(text: string): ProgramText {
  const program = JSON.parse(text) as ProgramText;
  if (program.version === PROGRAM_FORMAT) return program;
  throw new PipeError(
    'PROGRAM_NOT_READABLE',
    `A stored function has format ${String(program.version)}; this tspipe reads ${PROGRAM_FORMAT}. Use the version that stored it, or call the function again.`,
  );
}
