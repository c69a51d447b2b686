import { freeReferences, type FreeName } from './free-names.ts';
import { KEEP_NAME } from './runner-wrappers.ts';
import type { Place } from './source-file.ts';
import { isNode, type Node } from './syntax.ts';

/**
 * The code of a function as identity counts it: layout, comments and quotes do not count, nor does the name of a
 * variable outside it, for which its number among `names` stands.
 */
export function normalisedCode(
  place: Place,
  names: readonly FreeName[],
  omitted: ReadonlySet<Node> = new Set(),
): string {
  const numbers = new Map(names.map(({ name, variable }, index) => [variable ?? name, index]));
  const free = new Map<unknown, number>();
  for (const { identifier, resolved } of freeReferences(place)) {
    // Globals are no variables of anybody and keep their names.
    const number = resolved === null ? undefined : numbers.get(resolved);
    if (number !== undefined) free.set(identifier, number);
  }
  const head = place.start < place.node.start ? methodHead(place) : '';
  return head + new Normaliser(free, omitted).shown(place.node);
}

// The key of a method stands outside its node; only how it runs is told by the node.
function methodHead({ node }: Place): string {
  return `method ${node.type === 'FunctionExpression' && node.generator ? '*' : ''}`;
}

const SKIPPED = new Set([
  'type',
  'start',
  'end',
  'loc',
  'range',
  'raw',
  'shorthand',
  'sourceType',
  'optional',
]);

class Normaliser {
  readonly #free: ReadonlyMap<unknown, number>;
  readonly #omitted: ReadonlySet<Node>;

  constructor(free: ReadonlyMap<unknown, number>, omitted: ReadonlySet<Node>) {
    this.#free = free;
    this.#omitted = omitted;
  }

  shown(value: unknown): string {
    if (Array.isArray(value))
      return `[${value
        .filter((item) => !this.#isNoise(item))
        .map((item) => this.shown(item))
        .join()}]`;
    if (isNode(value)) return this.#node(value);
    if (typeof value === 'object' && value !== null) return this.#fields(value);
    return JSON.stringify(value) ?? '-';
  }

  #node(node: Node): string {
    if (this.#omitted.has(node)) return '-';
    const named = namedValue(node);
    if (named !== undefined) return this.#node(named);
    const number = this.#free.get(node);
    if (number !== undefined) return `$${number}`;
    if (node.type === 'Literal') return literalText(node);
    if (node.type === 'TemplateElement') return JSON.stringify(node.value.raw);
    const key = node.type === 'Property' && !node.computed ? plainKey(node.key) : undefined;
    const optional = 'optional' in node && node.optional === true ? '?' : '';
    return `${node.type}${optional}${this.#fields(key === undefined ? node : { ...node, key })}`;
  }

  #fields(node: object): string {
    const shown = Object.entries(node)
      .filter(([key, value]) => !SKIPPED.has(key) && value !== false && value !== null && value !== undefined)
      .map(([key, value]) => `${key}:${this.shown(value)}`);
    return `{${shown.join()}}`;
  }

  /** Statements that do nothing but keep a name, and empty ones. */
  #isNoise(item: unknown): boolean {
    if (!isNode(item)) return false;
    if (item.type === 'EmptyStatement') return true;
    if (item.type === 'StaticBlock')
      return item.body.length > 0 && item.body.every((inner) => this.#isNoise(inner));
    return item.type === 'ExpressionStatement' && namedValue(item.expression) !== undefined;
  }
}

/** `value` of esbuild's `__name(value, "name")`. */
function namedValue(node: Node): Node | undefined {
  if (node.type !== 'CallExpression' || node.callee.type !== 'Identifier') return undefined;
  return node.callee.name === KEEP_NAME && node.arguments.length === 2 ? node.arguments[0] : undefined;
}

function literalText(node: Node & { type: 'Literal' }): string {
  if (node.regex) return `/${node.regex.pattern}/${node.regex.flags}`;
  return node.bigint ? `${node.bigint}n` : (JSON.stringify(node.value) ?? '-');
}

function plainKey(key: Node): string | undefined {
  if (key.type === 'Identifier') return key.name;
  return key.type === 'Literal' && typeof key.value === 'string' ? key.value : undefined;
}
