import { closeSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type * as Yaml from 'yaml';
import { PipeError } from '../errors.ts';
import { makeOwnFolder, openOwnFile, type OptionProblem, OWN_FILE, OWN_FOLDER } from '../util/index.ts';
import { ConfigDocument, loadYaml } from './config-document.ts';
import {
  configDirectory,
  type ConfigSources,
  findProjectFile,
  PROJECT_FILE,
  USER_FILE,
} from './config-paths.ts';
import { deleteIn, setIn, textOf } from './edit-document.ts';
import { readText } from './read-text.ts';
import { type SectionReaders, sectionProblems } from './sections.ts';

/** Which file to change: of the user, or the nearest of the project. */
export type ConfigScope = 'user' | 'project';

/** What to change in a file. `key` has dots between its parts (`scheduler.maxWorkers`), `text` is YAML. */
export interface ConfigChange {
  readonly file: string;
  readonly key: string;
  readonly text: string;
  /** Those who own the sections say what is wrong in them. */
  readonly readers: SectionReaders;
}

/**
 * The file of a scope; that of a project is made in `cwd` where none is above.
 * Throws `CONFIG_INVALID` where there is no folder for that of the user.
 */
export function configFile(scope: ConfigScope, sources: ConfigSources = {}): string {
  const { cwd = process.cwd() } = sources;
  if (scope === 'project') return findProjectFile(cwd) ?? join(cwd, PROJECT_FILE);
  const folder = configDirectory(sources);
  if (folder !== undefined) return join(folder, USER_FILE);
  throw new PipeError(
    'CONFIG_INVALID',
    'There is no folder for the configuration of this user: HOME is not set. Set TSPIPE_CONFIG_DIR, or use --project.',
  );
}

/**
 * Sets a value in a file, its comments kept; gives what is to be said of names that nobody knows here. Throws
 * `OPTION_INVALID` for a key that is unknown or a value of the wrong kind, and `CONFIG_INVALID` with file, line and
 * column where the file is wrong elsewhere.
 */
export function setConfigValue({ file, key, text, readers }: ConfigChange): string[] {
  const source = open(file);
  const path = key.split('.');
  setIn(source.document, path, text);
  const names = check(source, path, readers);
  write(file, source.document);
  return names;
}

/** Takes a value out of a file, comments of the others kept; false where it was not set there. */
export function unsetConfigValue({ file, key, readers }: Omit<ConfigChange, 'text'>): boolean {
  const source = open(file);
  const path = key.split('.');
  if (!deleteIn(source.document, path)) return false;
  check(source, path, readers);
  write(file, source.document);
  return true;
}

function open(file: string): ConfigDocument {
  const { isMap, YAMLMap } = loadYaml();
  const source = new ConfigDocument(readText(file) ?? '', file);
  const { document } = source;
  // A list or a text is refused, never thrown away.
  if (document.contents !== null && !isMap(document.contents) && document.toJS() !== null) source.values();
  if (!isMap(document.contents)) document.contents = new YAMLMap();
  return source;
}

function check(source: ConfigDocument, path: readonly string[], readers: SectionReaders): string[] {
  const checked = source.check();
  if ('message' in checked) throw refusal(source, path, checked);
  const problems = sectionProblems(checked.output, readers);
  const wrong = problems.find(({ isUnknownName }) => !isUnknownName);
  if (wrong) throw refusal(source, path, wrong);
  return problems.filter((problem) => isWithin(path, problem.path)).map(({ message }) => message);
}

/** What stands in the file has a place there; what was to be set has none. */
function refusal(source: ConfigDocument, path: readonly string[], problem: OptionProblem): PipeError {
  const isOurs = problem.path.length === 0 || isWithin(path, problem.path);
  return isOurs ? new PipeError('OPTION_INVALID', problem.message) : source.errorOf(problem);
}

/** Whether one of two paths begins with the other. */
function isWithin(path: readonly string[], other: readonly (string | number)[]): boolean {
  return path.every((key, index) => index >= other.length || key === String(other[index]));
}

/** What is read as YAML cannot always be written as YAML: control characters in the name of an anchor, say. */
function textAgain(file: string, document: Yaml.Document): string {
  try {
    return textOf(document);
  } catch (cause) {
    throw new PipeError('CONFIG_INVALID', `${file} cannot be written again: ${String(cause)}`, { cause });
  }
}

/** All or nothing, through a symbolic link where the file is one. */
function write(file: string, document: Yaml.Document): void {
  const text = textAgain(file, document);
  try {
    makeOwnFolder(dirname(file), OWN_FOLDER);
    const there = statSync(file, { throwIfNoEntry: false });
    const target = there === undefined ? file : realpathSync(file);
    const temporary = `${target}.${process.pid}.tmp`;
    const mode = there === undefined ? OWN_FILE : there.mode & 0o777;
    const descriptor = openOwnFile(temporary, 'wx', mode);
    try {
      writeFileSync(descriptor, text, { flush: true });
      renameSync(temporary, target);
    } finally {
      closeSync(descriptor);
      rmSync(temporary, { force: true });
    }
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause)) throw cause;
    const code = String(cause.code);
    const why =
      code === 'EEXIST' || code === 'ENOTDIR' ? `a file stands where its folder should be (${code})` : code;
    throw new PipeError('CONFIG_INVALID', `${file} cannot be written: ${why}.`, { cause });
  }
}
