import { createRequire } from 'node:module';
import type * as Yaml from 'yaml';
import { PipeError } from '../errors.ts';
import { checkOptions, type OptionProblem } from '../util/index.ts';
import { type ConfigValues, configSchema } from './schema.ts';

/** The text of a configuration file as YAML, which knows where each key stands. */
export class ConfigDocument {
  readonly document: Yaml.Document;
  readonly #file: string;
  readonly #lines: Yaml.LineCounter;

  /** Throws `CONFIG_INVALID` with file, line and column for what is not YAML. */
  constructor(text: string, file: string) {
    const { parseDocument, LineCounter } = loadYaml();
    this.#file = file;
    this.#lines = new LineCounter();
    this.document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false });
    const [error] = [...this.document.errors, ...this.document.warnings];
    if (error) throw this.#errorAt(error.pos[0], describeYamlError(error), error);
  }

  /** What it holds. Throws `CONFIG_INVALID` with file, line and column. */
  values(): ConfigValues {
    const checked = this.check();
    if ('message' in checked) throw this.errorOf(checked);
    return checked.output;
  }

  /** What it holds, or the first problem with it. */
  check(): { readonly output: ConfigValues } | OptionProblem {
    let plain: unknown;
    try {
      plain = this.document.toJS();
    } catch (cause) {
      // An alias of an anchor that is not there, or too many of them.
      return { message: cause instanceof Error ? cause.message : String(cause), path: [] };
    }
    if (leadsInCircle(plain)) return { message: 'an alias stands inside what it is an alias of.', path: [] };
    return checkOptions(configSchema, plain ?? {}, 'configuration');
  }

  /** A problem as an error that tells its place. */
  errorOf({ message, path }: OptionProblem): PipeError {
    return this.#errorAt(offsetOf(this.document, path), message);
  }

  #errorAt(offset: number, message: string, cause?: unknown): PipeError {
    const { line, col } = this.#lines.linePos(offset);
    return new PipeError('CONFIG_INVALID', `${this.#file}:${line}:${col}: ${message}`, { cause });
  }
}

/** The YAML library: synchronous, because a queue is opened in a constructor; late, because most runs have no file. */
export function loadYaml(): typeof Yaml {
  return createRequire(import.meta.url)('yaml');
}

/** A warning is of a tag that nobody knows, which would change what a value means. */
function describeYamlError({ code, message }: Yaml.YAMLParseError | Yaml.YAMLWarning): string {
  if (code === 'TAG_RESOLVE_FAILED') return `${message}: leave it out.`;
  if (code === 'RESOURCE_EXHAUSTION') return 'this is nested too deeply.';
  if (code === 'DUPLICATE_KEY') return 'this key stands twice in its map: keep one.';
  if (code === 'TAB_AS_INDENT') return 'a tab cannot indent YAML: use spaces.';
  if (code === 'MULTIPLE_DOCS') return 'a second document begins here: keep one.';
  return message;
}

/** Where the key stands that a path leads to, or the item of a list; what is not there stands where its parent does. */
function offsetOf(document: Yaml.Document, path: readonly (string | number)[]): number {
  const { isAlias, isMap, isNode, isScalar, isSeq } = loadYaml();
  let node: unknown = document.contents;
  let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
  for (const key of path) {
    if (isAlias(node)) node = node.resolve(document);
    const pair = isMap(node)
      ? node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key))
      : undefined;
    const next: unknown = isSeq(node) ? node.items[Number(key)] : pair?.value;
    const place: unknown = pair?.key ?? next;
    if (!isNode(place)) return offset;
    offset = place.range?.[0] ?? offset;
    node = next;
  }
  return offset;
}

/** Whether something holds itself, by way of aliases. */
function leadsInCircle(value: unknown, open: readonly object[] = [], done = new Set<object>()): boolean {
  if (typeof value !== 'object' || value === null || done.has(value)) return false;
  if (open.includes(value)) return true;
  const isCircle = Object.values(value).some((item) => leadsInCircle(item, [...open, value], done));
  done.add(value);
  return isCircle;
}
