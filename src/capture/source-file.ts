import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Program } from 'acorn';
import { inspector, type ScriptRecord } from './inspector.ts';
import { bodyOf, lineStartsOf, lowerBound, readSyntax, type ScriptSyntax, startOf } from './script-syntax.ts';
import {
  asNode,
  type ClassNode,
  type FunctionNode,
  lazily,
  type Node,
  type Reference,
  type Scope,
  type Variable,
} from './syntax.ts';

/** Where a function or class stands in a script. */
export interface Place {
  readonly file: SourceFile;
  readonly node: FunctionNode | ClassNode;
  /** Where its text begins: before `node.start` for a method, whose key belongs to the text. */
  readonly start: number;
  readonly scope: Scope;
}

/** A script as the engine runs it, parsed once. */
export class SourceFile {
  readonly record: ScriptRecord;
  readonly text: string;
  readonly #syntax: () => ScriptSyntax;
  readonly #lineStarts: () => readonly number[];

  constructor(record: ScriptRecord, text: string) {
    this.record = record;
    this.text = text;
    this.#syntax = lazily(() => readSyntax(text, record.isModule));
    this.#lineStarts = lazily(() => lineStartsOf(text));
  }

  /** The file that runs, without the queries of runners; undefined for `node -e`, a REPL and `new Function`. */
  get path(): string | undefined {
    const url = this.record.url.replace(/[?#].*$/, '');
    // `node -e` gives its modules the names of files that are not there.
    if (/\[(worker )?eval\d*\]$/.test(decodeURI(url))) return undefined;
    if (url.startsWith('file:')) return fileURLToPath(url);
    return url.startsWith('/') || /^[A-Za-z]:[\\/]/.test(url) ? url : undefined;
  }

  get tree(): Program {
    return this.#syntax().tree;
  }

  /** Whether a variable of this scope is one of the module itself. */
  isModuleScope(scope: Scope): boolean {
    return this.#syntax().moduleScopes.has(scope);
  }

  /** The statements of the module itself, out of the function that a runner may have put around it. */
  moduleStatements(): readonly Node[] {
    const { moduleScopes: scopes, tree } = this.#syntax();
    const blocks = new Set<Node>([tree]);
    for (const { block } of scopes) blocks.add(bodyOf(asNode(block)));
    return [...blocks].flatMap((block) =>
      block.type === 'Program' || block.type === 'BlockStatement' ? block.body : [],
    );
  }

  /** A variable of the module itself. */
  moduleVariable(name: string): Variable | undefined {
    for (const scope of this.#syntax().moduleScopes) {
      const variable = scope.set.get(name);
      if (variable !== undefined) return variable;
    }
    return undefined;
  }

  /** The variables of the module itself. */
  moduleVariables(): readonly Variable[] {
    return [...this.#syntax().moduleScopes].flatMap((scope) => scope.variables);
  }

  /** References between two offsets, in the order of the source. */
  referencesWithin(start: number, end: number): readonly Reference[] {
    const { references } = this.#syntax();
    const first = lowerBound(references, start, ({ start: at }) => at);
    const last = lowerBound(references, end, ({ start: at }) => at);
    return references.slice(first, last).map(({ reference }) => reference);
  }

  referenceAt(start: number): Reference | undefined {
    return this.referencesWithin(start, start + 1)[0];
  }

  /** The function or class whose own text is `text`, around a position that the engine gave. */
  placeOf(text: string, line: number, column: number): Place | undefined {
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
  position(offset: number): { readonly line: number; readonly column: number } {
    const starts = this.#lineStarts();
    const line = lowerBound(starts, offset + 1, (start) => start) - 1;
    return { line, column: offset - (starts[line] ?? 0) };
  }

  lineStart(line: number): number {
    return this.#lineStarts()[line] ?? this.text.length;
  }

  #offset(line: number, column: number): number {
    const own = line - this.record.startLine;
    return (this.#lineStarts()[own] ?? 0) + column - (own === 0 ? this.record.startColumn : 0);
  }
}

const files = new Map<string, SourceFile>();

/** The script with this id of the engine. */
export function sourceFile(scriptId: string): SourceFile | undefined {
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
export function scriptUrl(scriptId: string): string | undefined {
  return files.get(scriptId)?.record.url ?? inspector().script(scriptId)?.url;
}

/** Whether this is the script that was started, and not a module that it imports. */
export function isEntry(file: SourceFile): boolean {
  const { path } = file;
  return path === undefined || entryPaths().has(path);
}

const entryPaths = lazily(() => {
  const started = process.argv[1];
  const runner = (globalThis as { __vitest_worker__?: { readonly filepath?: string } }).__vitest_worker__;
  return new Set(
    [started, started && realPath(started), runner?.filepath].filter((path) => path !== undefined),
  );
});

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
