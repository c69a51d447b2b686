import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { inspector } from './inspector.ts';
import { moduleScopes } from './runner-wrappers.ts';
import { analyzeScopes, asNode, isClassNode, isFunctionNode, lazily, parseScript } from './syntax.ts';
/** A script as the engine runs it, parsed once. */
export class SourceFile {
  record;
  text;
  #syntax;
  #lineStarts;
  constructor(record, text) {
    this.record = record;
    this.text = text;
    this.#syntax = lazily(() => readSyntax(text, record.isModule));
    this.#lineStarts = lazily(() => lineStartsOf(text));
  }
  /** The file that runs, without the queries of runners; undefined for `node -e`, a REPL and `new Function`. */
  get path() {
    const url = this.record.url.replace(/[?#].*$/, '');
    // `node -e` gives its modules the names of files that are not there.
    if (/\[(worker )?eval\d*\]$/.test(decodeURI(url))) return undefined;
    if (url.startsWith('file:')) return fileURLToPath(url);
    return url.startsWith('/') || /^[A-Za-z]:[\\/]/.test(url) ? url : undefined;
  }
  get tree() {
    return this.#syntax().tree;
  }
  /** Whether a variable of this scope is one of the module itself. */
  isModuleScope(scope) {
    return this.#syntax().moduleScopes.has(scope);
  }
  /** The statements of the module itself, out of the function that a runner may have put around it. */
  moduleStatements() {
    const { moduleScopes: scopes, tree } = this.#syntax();
    const blocks = new Set([tree]);
    for (const { block } of scopes) blocks.add(bodyOf(asNode(block)));
    return [...blocks].flatMap((block) =>
      block.type === 'Program' || block.type === 'BlockStatement' ? block.body : [],
    );
  }
  /** A variable of the module itself. */
  moduleVariable(name) {
    for (const scope of this.#syntax().moduleScopes) {
      const variable = scope.set.get(name);
      if (variable !== undefined) return variable;
    }
    return undefined;
  }
  /** References between two offsets, in the order of the source. */
  referencesWithin(start, end) {
    const { references } = this.#syntax();
    const first = lowerBound(references, start, ({ start: at }) => at);
    const last = lowerBound(references, end, ({ start: at }) => at);
    return references.slice(first, last).map(({ reference }) => reference);
  }
  referenceAt(start) {
    return this.referencesWithin(start, start + 1)[0];
  }
  /** The function or class whose own text is `text`, around a position that the engine gave. */
  placeOf(text, line, column) {
    const offset = this.#offset(line, column);
    const { definitions } = this.#syntax();
    for (let index = lowerBound(definitions, offset + 1, startOf) - 1; index >= 0; index--) {
      const definition = definitions[index];
      if (definition === undefined) break;
      const start = definition.node.end - text.length;
      if (start <= definition.node.start && this.text.startsWith(text, start)) {
        return { file: this, node: definition.node, start, scope: definition.scope };
      }
    }
    return undefined;
  }
  /** 0-based line and column of an offset, counted from the script's own first character. */
  position(offset) {
    const starts = this.#lineStarts();
    const line = lowerBound(starts, offset + 1, (start) => start) - 1;
    return { line, column: offset - (starts[line] ?? 0) };
  }
  lineStart(line) {
    return this.#lineStarts()[line] ?? this.text.length;
  }
  #offset(line, column) {
    const own = line - this.record.startLine;
    return (this.#lineStarts()[own] ?? 0) + column - (own === 0 ? this.record.startColumn : 0);
  }
}
const files = new Map();
/** The script with this id of the engine. */
export function sourceFile(scriptId) {
  const known = files.get(scriptId);
  if (known !== undefined) return known;
  const record = inspector().script(scriptId);
  const text = inspector().source(scriptId);
  if (record === undefined || text === undefined) return undefined;
  const file = new SourceFile(record, text);
  files.set(scriptId, file);
  return file;
}
/** The url of a script, without reading it. */
export function scriptUrl(scriptId) {
  return files.get(scriptId)?.record.url ?? inspector().script(scriptId)?.url;
}
/** Whether this is the script that was started, and not a module that it imports. */
export function isEntry(file) {
  const { path } = file;
  return path === undefined || entryPaths().has(path);
}
const entryPaths = lazily(() => {
  const started = process.argv[1];
  const runner = globalThis.__vitest_worker__;
  return new Set(
    [started, started && realPath(started), runner?.filepath].filter((path) => path !== undefined),
  );
});
function realPath(path) {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
function readSyntax(text, isModule) {
  const tree = parseScript(text, isModule);
  const { scopes } = analyzeScopes(tree, isModule);
  const references = scopes
    .flatMap((scope) => scope.references)
    .map((reference) => ({ start: asNode(reference.identifier).start, reference }))
    .sort((a, b) => a.start - b.start);
  const definitions = scopes
    .filter((scope) => scope.type === 'function' || scope.type === 'class')
    .map((scope) => ({ node: asNode(scope.block), scope }))
    .filter((found) => isFunctionNode(found.node) || isClassNode(found.node))
    .sort((a, b) => startOf(a) - startOf(b));
  return { tree, moduleScopes: moduleScopes(tree, scopes), references, definitions };
}
function bodyOf(block) {
  return isFunctionNode(block) ? block.body : block;
}
function startOf({ node }) {
  return node.start;
}
function lineStartsOf(text) {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
/** Index of the first item whose number is `value` or more. */
function lowerBound(items, value, numberOf) {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = items[middle];
    if (item !== undefined && numberOf(item) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
//# sourceMappingURL=source-file.js.map
