import { readFileSync } from 'node:fs';
import { type FunctionSource, programSources } from '../capture/index.ts';
import { Queue } from '../queue/index.ts';
import { programRow } from '../store/index.ts';

/** A function whose file no longer holds it as the queue has it. */
export interface ChangedCode {
  /** Name of the app. */
  readonly name: string;
  /** Name of the changed function: that of the app, or of a helper. */
  readonly changed: string;
  readonly file: string;
}

/**
 * Of these programs (row ids with the name of their app), those of which a function is no longer in its file as it was
 * when it was called. It looks at the function of the app, the functions, classes and apps it uses, and their files. It
 * does not see changed data and constants, changed packages, files that are gone, and of helpers those that a compiler
 * wrote anew (under tsx all), that share variables, use `import()` or `import.meta`, or extend a class.
 */
export function changedCode(queue: Queue, programs: ReadonlyMap<number, string>): ChangedCode[] {
  const { store } = Queue.hostOf(queue);
  const texts = new Map<string, string | undefined>();
  const textOf = (file: string): string | undefined => {
    if (!texts.has(file)) texts.set(file, readText(file));
    return texts.get(file);
  };
  return [...programs].flatMap(([id, name]) => {
    const program = store.read((db) => programRow(db, id));
    if (program === undefined) return [];
    const changed = programSources(program.text).find((source) => isChanged(source, textOf));
    return changed?.file == null ? [] : [{ name, changed: changed.name, file: changed.file }];
  });
}

function isChanged({ file, source }: FunctionSource, textOf: (file: string) => string | undefined): boolean {
  const text = file === null ? undefined : textOf(file);
  return text !== undefined && !holds(text, source);
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}

/** Node strips types by writing as many spaces in their place: any character may stand where a space is. */
function holds(text: string, source: string): boolean {
  if (text.length * source.length > MOST_COMPARISONS) return true;
  const pattern = source.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&').replaceAll(' ', '[\\s\\S]');
  // An arrow function without braces may have gone on since.
  const end = source.endsWith('}') ? '' : END;
  return new RegExp(`(?<!\\basync\\s+)${pattern}${end}`).test(text);
}

// A source of spaces fits almost everywhere; what is too long to look at counts as unchanged.
const MOST_COMPARISONS = 1e10;

const END = String.raw`(?=\s*(?:[;,)\]}]|//|/\*|$|!(?!=)|as\s|satisfies\s)|[ \t]*[\r\n])`;
