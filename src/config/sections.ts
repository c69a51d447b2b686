import { PipeError } from '../errors.ts';
import { isPlainObject, OptionError, type OptionProblem } from '../util/index.ts';
import { ConfigDocument } from './config-document.ts';
import { type Config, configFiles } from './load-config.ts';
import type { ConfigSources } from './config-paths.ts';
import { readText } from './read-text.ts';
import type { ConfigChoice, ConfigProfile, ConfigValues } from './schema.ts';

/** A setting that a room of its own reads. */
export type SectionKey = 'environ' | 'provider' | 'scheduler';

/** Those who read the sections; each throws for what it refuses. */
export type SectionReaders = Readonly<Record<SectionKey, (choice: ConfigChoice) => unknown>>;

/** What a reader refuses; an unknown name may be one that a script registers. */
export interface SectionProblem extends OptionProblem {
  readonly isUnknownName: boolean;
}

const KEYS: readonly SectionKey[] = ['environ', 'scheduler', 'provider'];

/**
 * A section of the configuration as `read` makes it. Throws `CONFIG_INVALID` with file, line and column for what
 * `read` refuses.
 */
export function readSection<T>(
  config: Config,
  key: SectionKey,
  read: (choice: ConfigChoice | undefined) => T,
): T {
  const choice = config[key];
  if (choice === undefined) return read(undefined);
  try {
    return read(choice);
  } catch (error) {
    const { file, path } = placeOf(config, key);
    const problem = problemOf(error, path, choice);
    const text = problem && file ? readText(file) : undefined;
    if (problem === undefined || file === undefined || text === undefined) throw error;
    throw new ConfigDocument(text, file).errorOf(problem);
  }
}

/**
 * Has all files that there are read through, profiles and what another file replaces too; gives what is said of names
 * that nobody knows here. Throws `CONFIG_INVALID` with file, line and column.
 */
export function checkConfigFiles(readers: SectionReaders, sources: ConfigSources = {}): string[] {
  return configFiles(sources).flatMap((file) => {
    const text = readText(file);
    return text === undefined ? [] : checkDocument(new ConfigDocument(text, file), readers);
  });
}

function checkDocument(document: ConfigDocument, readers: SectionReaders): string[] {
  const problems = sectionProblems(document.values(), readers);
  const wrong = problems.find(({ isUnknownName }) => !isUnknownName);
  if (wrong) throw document.errorOf(wrong);
  return problems.map((problem) => document.errorOf(problem).message);
}

/** What the readers refuse in the values of a file. */
export function sectionProblems(values: ConfigValues, readers: SectionReaders): SectionProblem[] {
  const named = Object.entries(values.profiles ?? {});
  return [
    ...problemsIn(values, [], readers),
    ...named.flatMap(([name, profile]) => problemsIn(profile, ['profiles', name], readers)),
  ];
}

function problemsIn(
  values: ConfigProfile,
  path: readonly string[],
  readers: SectionReaders,
): SectionProblem[] {
  return KEYS.flatMap((key) => {
    const choice = values[key];
    if (choice === undefined) return [];
    try {
      readers[key](choice);
      return [];
    } catch (error) {
      const problem = problemOf(error, [...path, key], choice);
      if (problem === undefined) throw error;
      return [problem];
    }
  });
}

function problemOf(
  error: unknown,
  path: readonly string[],
  choice: ConfigChoice,
): SectionProblem | undefined {
  if (error instanceof OptionError) {
    return { message: error.message, path: [...path, ...error.path], isUnknownName: false };
  }
  if (!(error instanceof PipeError)) return undefined;
  const isUnknownName = error.code === 'NAME_UNKNOWN';
  if (!isUnknownName && error.code !== 'OPTION_INVALID') return undefined;
  // A dictionary holds the name under the key of its section, that of an environment also under `name`.
  const names = [String(path.at(-1)), 'name'];
  const key = isPlainObject(choice) ? names.find((name) => Object.hasOwn(choice, name)) : undefined;
  return { message: error.message, path: key === undefined ? path : [...path, key], isUnknownName };
}

function placeOf(
  config: Config,
  key: SectionKey,
): { readonly file: string | undefined; readonly path: readonly string[] } {
  const { profile, profiles, origins } = config;
  if (profile === undefined || profiles[profile]?.[key] === undefined) {
    return { file: origins[key], path: [key] };
  }
  return { file: origins[`profiles.${profile}`], path: ['profiles', profile, key] };
}
