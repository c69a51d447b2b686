import { mkdirSync, realpathSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type * as Yaml from 'yaml';
import { PipeError } from '../errors.ts';
import { checkOptions } from '../util/index.ts';
import { loadYaml, readConfigFile, readText } from './config-file.ts';
import {
  configDirectory,
  type ConfigSources,
  findProjectFile,
  PROJECT_FILE,
  USER_FILE,
} from './config-paths.ts';
import { configSchema } from './schema.ts';

/** Which file to change: of the user, or the nearest of the project. */
export type ConfigScope = 'user' | 'project';

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
 * Sets a value in a file, its comments kept. `key` has dots between its parts (`scheduler.maxWorkers`), `text` is
 * YAML. Throws `OPTION_INVALID` for a key that is unknown or a value of the wrong kind, and `CONFIG_INVALID` with
 * file, line and column where the file is wrong already.
 */
export function setConfigValue(file: string, key: string, text: string): void {
  const { isMap, parse, YAMLMap } = loadYaml();
  const document = readDocument(file);
  const path = key.split('.');
  // A name or nothing gives way to a dictionary that is to hold the rest of the path.
  for (let length = 1; length < path.length; length++) {
    const parent = path.slice(0, length);
    if (!isMap(document.getIn(parent, true))) document.setIn(parent, new YAMLMap());
  }
  let value: unknown;
  try {
    value = parse(text);
  } catch (cause) {
    const [reason] = (cause instanceof Error ? cause.message : String(cause)).split('\n');
    throw new PipeError('OPTION_INVALID', `${JSON.stringify(text)} is not YAML: ${reason}`, { cause });
  }
  document.setIn(path, document.createNode(value));
  writeDocument(file, document);
}

/** Takes a value out of a file, comments of the others kept; false where it was not set there. */
export function unsetConfigValue(file: string, key: string): boolean {
  const { isMap } = loadYaml();
  const document = readDocument(file);
  const path = key.split('.');
  if (!document.hasIn(path)) return false;
  document.deleteIn(path);
  for (let length = path.length - 1; length > 0; length--) {
    const parent = document.getIn(path.slice(0, length), true);
    if (isMap(parent) && parent.items.length === 0) document.deleteIn(path.slice(0, length));
  }
  writeDocument(file, document);
  return true;
}

function readDocument(file: string): Yaml.Document {
  readConfigFile(file);
  const { isMap, parseDocument, YAMLMap } = loadYaml();
  const document: Yaml.Document = parseDocument(readText(file) ?? '');
  if (!isMap(document.contents)) document.contents = new YAMLMap();
  return document;
}

/** All or nothing, through a symbolic link where the file is one. */
function writeDocument(file: string, document: Yaml.Document): void {
  const checked = checkOptions(configSchema, document.toJS(), 'configuration');
  if ('message' in checked) throw new PipeError('OPTION_INVALID', checked.message);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const isThere = statSync(file, { throwIfNoEntry: false });
  const target = isThere === undefined ? file : realpathSync(file);
  const temporary = `${target}.${process.pid}.tmp`;
  writeFileSync(temporary, isEmpty(document) ? commentsOf(document) : String(document), {
    mode: isThere?.mode ?? 0o600,
  });
  renameSync(temporary, target);
}

/** An empty map would be written as `{}`. */
function isEmpty({ contents }: Yaml.Document): boolean {
  return loadYaml().isMap(contents) && contents.items.length === 0;
}

function commentsOf(document: Yaml.Document): string {
  document.contents = null;
  return String(document).replace(/^null\n/m, '');
}
