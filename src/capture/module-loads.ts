import { isMadeBy, isMakerCall } from './import-table.ts';
import { moduleService } from './runner-wrappers.ts';
import type { SourceFile } from './source-file.ts';
import { asNode, type Node, type Reference, staticKey, stringValue } from './syntax.ts';

/** A piece of the text that names a module: written out, the value of a free name, or known only when it runs. */
export type TextPart = string | { readonly name: string; readonly path: readonly string[] } | undefined;

/** The text by which code loads a module while it runs. */
export type ModuleLoad = readonly TextPart[];

/** The module that a node loads when it is run; `free` are the names whose values are known at the call. */
export function loadOf(
  node: Node,
  file: SourceFile,
  free: ReadonlyMap<unknown, Reference>,
): ModuleLoad | undefined {
  const source = importSource(node) ?? requireSource(node, file);
  return source && joined(new TextReader(file, free).parts(source, 0));
}

/** What is put in for the parts whose value is known now. */
export function loadWith(
  load: ModuleLoad,
  valueAt: (name: string, path: readonly string[]) => unknown,
): ModuleLoad {
  const known = load.map((part) => {
    if (part === undefined || typeof part === 'string') return part;
    const value = valueAt(part.name, part.path);
    return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
  });
  return joined(known);
}

/** Whether this is a module beside its own that is known only when it is run. */
export function isMadeUp(load: ModuleLoad): boolean {
  const [first] = load;
  return load.length > 1 && typeof first === 'string' && /^\.{1,2}(\/|$)/.test(first);
}

function joined(parts: ModuleLoad): ModuleLoad {
  const found: TextPart[] = [];
  for (const part of parts) {
    const last = found.at(-1);
    if (typeof part === 'string' && typeof last === 'string') found[found.length - 1] = last + part;
    else found.push(part);
  }
  return found;
}

function importSource(node: Node): Node | undefined {
  if (node.type === 'ImportExpression') return node.source;
  if (node.type !== 'CallExpression' || node.callee.type !== 'Identifier') return undefined;
  return moduleService(node.callee.name) === 'import' ? node.arguments[0] : undefined;
}

function requireSource(node: Node, file: SourceFile): Node | undefined {
  if (node.type !== 'CallExpression') return undefined;
  return isRequire(node.callee, file) ? node.arguments[0] : undefined;
}

/** `require` itself, under any name that `createRequire` gave to one. */
function isRequire(callee: Node, file: SourceFile): boolean {
  if (callee.type === 'CallExpression') return isMakerCall(callee, 'createRequire', file);
  if (callee.type !== 'Identifier') return false;
  if (moduleService(callee.name) === 'require') return true;
  const variable = file.referenceAt(callee.start)?.resolved;
  return variable !== null && variable !== undefined && isMadeBy(variable, 'createRequire', file);
}

const UNKNOWN: ModuleLoad = [undefined];
// Definitions may name each other.
const DEEPEST = 20;

/** Reads what an expression gives as text, as far as its source tells. */
class TextReader {
  readonly #file: SourceFile;
  readonly #free: ReadonlyMap<unknown, Reference>;

  constructor(file: SourceFile, free: ReadonlyMap<unknown, Reference>) {
    this.#file = file;
    this.#free = free;
  }

  parts(node: Node, depth: number): ModuleLoad {
    if (depth > DEEPEST) return UNKNOWN;
    const next = depth + 1;
    switch (node.type) {
      case 'Literal':
        return [stringValue(node) ?? (typeof node.value === 'number' ? String(node.value) : undefined)];
      case 'TemplateLiteral':
        return node.quasis.flatMap(({ value }, index) => {
          const expression = node.expressions[index];
          return [value.cooked ?? undefined, ...(expression ? this.parts(expression, next) : [])];
        });
      case 'BinaryExpression':
        if (node.operator !== '+') return UNKNOWN;
        return [...this.parts(node.left, next), ...this.parts(node.right, next)];
      case 'Identifier':
        return this.#named(node, next);
      case 'MemberExpression':
        return this.#member(node, next);
      case 'NewExpression':
        return this.#url(node, next);
      case 'CallExpression':
        return this.#call(node, next);
      default:
        return UNKNOWN;
    }
  }

  #named(node: Node & { readonly type: 'Identifier' }, depth: number): ModuleLoad {
    if (moduleService(node.name) === 'dirname') return ['.'];
    const written = this.#definition(node);
    const parts = written === undefined ? UNKNOWN : this.parts(written, depth);
    if (!parts.includes(undefined) || !this.#free.has(node)) return parts;
    return [{ name: node.name, path: [] }];
  }

  /** What a const is defined as. What stands in it are names of its own place, of which values are not known here. */
  #definition(node: Node): Node | undefined {
    const variable = this.#file.referenceAt(node.start)?.resolved;
    const [definition, other] = variable?.defs ?? [];
    if (definition === undefined || other !== undefined) return undefined;
    if (variable?.references.some((reference) => reference.isWrite() && reference.init !== true))
      return undefined;
    const declarator = asNode(definition.node);
    const isPlain = declarator.type === 'VariableDeclarator' && declarator.id.type === 'Identifier';
    return isPlain ? (declarator.init ?? undefined) : undefined;
  }

  #member(node: Node & { readonly type: 'MemberExpression' }, depth: number): ModuleLoad {
    const key = staticKey(node);
    if (key === undefined) return UNKNOWN;
    if (key === 'dirname' && isImportMeta(node.object)) return ['.'];
    if (key === 'href' || key === 'pathname') {
      const url = this.parts(node.object, depth);
      if (!url.includes(undefined)) return url;
    }
    const [holder] = node.object.type === 'Super' ? UNKNOWN : this.#holder(node.object);
    return holder === undefined || typeof holder === 'string'
      ? UNKNOWN
      : [{ ...holder, path: [...holder.path, key] }];
  }

  #holder(node: Node): ModuleLoad {
    if (node.type === 'Identifier' && this.#free.has(node)) return [{ name: node.name, path: [] }];
    const key = staticKey(node);
    if (node.type !== 'MemberExpression' || key === undefined) return UNKNOWN;
    const [holder] = this.#holder(node.object);
    return holder === undefined || typeof holder === 'string'
      ? UNKNOWN
      : [{ ...holder, path: [...holder.path, key] }];
  }

  /** `new URL('./module.ts', import.meta.url)` */
  #url(
    { callee, arguments: [text, base] }: Node & { readonly type: 'NewExpression' },
    depth: number,
  ): ModuleLoad {
    const isOwn = base?.type === 'MemberExpression' && staticKey(base) === 'url' && isImportMeta(base.object);
    if (callee.type !== 'Identifier' || callee.name !== 'URL' || !isOwn || text === undefined) return UNKNOWN;
    return beside(this.parts(text, depth));
  }

  /** `fileURLToPath(…)`, `pathToFileURL(…)`, `String(…)`, `import.meta.resolve(…)` and `path.join(…)`. */
  #call({ callee, arguments: given }: Node & { readonly type: 'CallExpression' }, depth: number): ModuleLoad {
    const name = callee.type === 'Identifier' ? callee.name : staticKey(callee);
    const texts = given.map((argument) => this.parts(argument, depth));
    const [first = UNKNOWN] = texts;
    if (name === 'fileURLToPath' || name === 'pathToFileURL' || name === 'String') return first;
    if (name === 'resolve' && callee.type === 'MemberExpression' && isImportMeta(callee.object)) return first;
    if (name === 'toString' && callee.type === 'MemberExpression') return this.parts(callee.object, depth);
    const isBeside = (name === 'join' || name === 'resolve') && first.length === 1 && first[0] === '.';
    return isBeside ? texts.flatMap((text, index) => (index === 0 ? text : ['/', ...text])) : UNKNOWN;
  }
}

/** A relative URL needs no dot, but what is imported does. */
function beside(parts: ModuleLoad): ModuleLoad {
  const [first] = parts;
  return typeof first === 'string' && /^[./]|^[a-z]+:/.test(first) ? parts : ['./', ...parts];
}

/** `import.meta`, or the variable that a compiler puts in its place. */
function isImportMeta(node: Node): boolean {
  if (node.type === 'MetaProperty') return node.meta.name === 'import';
  return (
    node.type === 'Identifier' && (moduleService(node.name) === 'meta' || /^import_meta\d*$/.test(node.name))
  );
}
