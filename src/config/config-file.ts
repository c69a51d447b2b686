import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type * as Yaml from 'yaml';
import { PipeError } from '../errors.ts';
import { checkOptions } from '../util/index.ts';
import { type ConfigValues, configSchema } from './schema.ts';

/**
 * The values of a configuration file, or undefined when there is none.
 * Throws `CONFIG_INVALID` with file, line and column.
 */
export function readConfigFile(file: string): ConfigValues | undefined {
  const text = readText(file);
  return text === undefined ? undefined : parseConfig(text, file);
}

/** The text of a file; undefined where there is none. */
export function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new PipeError('CONFIG_INVALID', `${file} cannot be read (${String(code)}).`, { cause });
  }
}

function parseConfig(text: string, file: string): ConfigValues {
  const { parseDocument, LineCounter } = loadYaml();
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const failAt = (offset: number, message: string, cause?: unknown): never => {
    const { line, col } = lines.linePos(offset);
    throw new PipeError('CONFIG_INVALID', `${file}:${line}:${col}: ${message}`, { cause });
  };
  const [error] = document.errors;
  if (error) return failAt(error.pos[0], error.message, error);
  const checked = checkOptions(configSchema, toPlain(document, failAt) ?? {}, 'configuration');
  if ('message' in checked) return failAt(offsetOf(document, checked.path), checked.message);
  return checked.output;
}

function toPlain(
  document: Yaml.Document,
  failAt: (offset: number, message: string, cause: unknown) => never,
): unknown {
  try {
    return document.toJS();
  } catch (cause) {
    return failAt(0, cause instanceof Error ? cause.message : String(cause), cause);
  }
}

/** Where the key stands that a path leads to, or the item of a list. */
function offsetOf(document: Yaml.Document, path: readonly (string | number)[]): number {
  const { isMap, isNode, isScalar } = loadYaml();
  const parent = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents;
  const key = path.at(-1);
  const pair = isMap(parent)
    ? parent.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key))
    : undefined;
  const node = pair?.key ?? parent;
  return isNode(node) ? (node.range?.[0] ?? 0) : 0;
}

/** The YAML library: synchronous, because a queue is opened in a constructor; late, because most runs have no file. */
export function loadYaml(): typeof Yaml {
  return createRequire(import.meta.url)('yaml');
}
