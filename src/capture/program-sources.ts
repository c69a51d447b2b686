import { RESTORE_KEY } from './class-parts.ts';
import { type IslandText, parseProgram, type UnitText } from './program-format.ts';

/** The text of a function in a program. */
export interface FunctionSource {
  readonly name: string;
  readonly source: string;
  /** Where it stands; null in a REPL and for `node -e`. */
  readonly file: string | null;
}

/**
 * The functions in the text of a program that hold what their file holds, but for blanks where types stood: first the
 * captured function, then what it uses. Left out are helpers that a compiler wrote anew, and those whose text was
 * changed to run alone: they share variables, use `import()` or `import.meta`, extend a class or keep private
 * static values.
 */
export function programSources(text: string): FunctionSource[] {
  const islands = parseProgram(text).islands.map(({ island }) => island);
  const compiled = new Set(islands.flatMap(compiledFiles));
  return islands.flatMap((island) => sourcesOf(island, compiled));
}

/** Files of which a compiler wrote functions anew; others there may be its own, as esbuild's `__name`. */
function compiledFiles({ units, files }: IslandText): (string | null | undefined)[] {
  return units.filter(({ map }) => map !== undefined).map(({ file }) => files[file]);
}

function sourcesOf(
  { about, units, files }: IslandText,
  compiled: ReadonlySet<string | null | undefined>,
): FunctionSource[] {
  const [root, ...others] = units;
  const helpers = others.filter((unit) => !compiled.has(files[unit.file]) && isAsWritten(unit));
  return [
    // The island of a function among values is named by the way to it.
    { name: root?.name || about.name, source: about.source, file: about.file },
    ...helpers.map(({ name, text, file }) => ({ name, source: text, file: files[file] ?? null })),
  ];
}

function isAsWritten({ kind, text, links }: UnitText): boolean {
  if (links.some(([, link]) => 'c' in link || 's' in link)) return false;
  if (kind === 'method') return !text.includes('["method"]');
  if (text.includes(RESTORE_KEY)) return false;
  return kind === 'function' || !/^class\b[^{]*\bextends\b/.test(text);
}
