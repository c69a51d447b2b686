import type { CodeNames } from './code-names.ts';
import { SUPER } from './class-parts.ts';
import { type ClassNode, type FunctionNode, isClassNode, isFunctionNode, type Node } from './syntax.ts';

/** Functions, classes and patterns as identity counts them; `text` shows all other nodes. */
export class DefinitionText {
  readonly #names: CodeNames;
  readonly #text: (node: Node) => string;
  readonly #omitted: ReadonlySet<Node>;

  constructor(names: CodeNames, text: (node: Node) => string) {
    this.#names = names;
    this.#text = text;
    this.#omitted = names.unit.facts.classParts?.omitted ?? new Set();
  }

  /** A value that gets a name from the place where it stands, when it is a function without one. */
  named(node: Node, name: string | undefined): string {
    const kept = this.#names.kept(node);
    if (kept !== undefined) return this.named(kept.value, kept.name);
    const isDefinition = isFunctionNode(node) || isClassNode(node);
    return isDefinition ? this.definition(node, name) : this.#text(node);
  }

  /** A function or class with its name, which its variable may have lost; in a declaration it is a variable too. */
  definition(node: FunctionNode | ClassNode, given: string | undefined): string {
    const id = node.type === 'ArrowFunctionExpression' ? undefined : node.id;
    const kept = isClassNode(node) ? this.#keptInClass(node) : undefined;
    const name = kept ?? (id ? this.#names.declared(id) : given);
    const isDeclared = node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration';
    const head = [name && JSON.stringify(name), id && this.target(id), isDeclared && 'declared'];
    return `${head.filter(Boolean).join(' ')} ${isClassNode(node) ? this.class(node) : this.function(node)}`;
  }

  /** A function without its name. */
  function(node: FunctionNode): string {
    const kind = node.type === 'ArrowFunctionExpression' ? '=>' : 'function';
    const parameters = node.params.map((parameter) => this.target(parameter));
    return `${node.async ? 'async ' : ''}${kind}${node.generator ? '*' : ''}(${parameters.join()})${this.#text(node.body)}`;
  }

  /** Methods are there before fields are set, so that the order of the ones among the others does not matter. */
  class(node: ClassNode): string {
    const isRoot = node === this.#names.unit.facts.place.node;
    const parent = node.superClass ?? undefined;
    const heritage = parent && (isRoot ? this.#names.service(SUPER) : this.#text(parent));
    const members = node.body.body.filter((member) => !this.#names.isNoise(member));
    const isPlain = members.every((member) => member.type === 'StaticBlock' || !member.computed);
    const sorted = isPlain ? members.toSorted((a, b) => turn(a) - turn(b)) : members;
    return `class(${heritage ?? ''}){${sorted.map((member) => this.#member(member)).join()}}`;
  }

  property(node: Node & { readonly type: 'Property' }): string {
    const { key, computed, kind, method, shorthand, value } = node;
    const shown = this.#key(key, computed);
    if (isFunctionNode(value) && (method || kind !== 'init'))
      return `${kind} ${shown}${this.function(value)}`;
    // `{ __proto__ }` defines a member, `{ __proto__: value }` sets the prototype.
    const isMember = shorthand && shown === '"__proto__"' ? 'own ' : '';
    return `${isMember}${shown}:${this.named(value, computed ? undefined : plainKey(key))}`;
  }

  /** What is written to: a variable, a member or a pattern of these. */
  target(node: Node): string {
    switch (node.type) {
      case 'Identifier':
      case 'MemberExpression':
        return this.#names.target(node) ?? this.#text(node);
      case 'AssignmentPattern':
        return `${this.target(node.left)}=${this.named(node.right, nameIn(node.left))}`;
      case 'RestElement':
        return `...${this.target(node.argument)}`;
      case 'ArrayPattern':
        return `[${node.elements.map((item) => (item === null ? 'hole' : this.target(item))).join()}]`;
      case 'ObjectPattern':
        return `{${node.properties.map((item) => this.#patternItem(item)).join()}}`;
      default:
        return this.#text(node);
    }
  }

  #patternItem(node: Node): string {
    if (node.type !== 'Property') return this.target(node);
    return `${this.#key(node.key, node.computed)}:${this.target(node.value)}`;
  }

  #member(member: Node): string {
    if (this.#omitted.has(member)) return '-';
    if (member.type !== 'MethodDefinition' && member.type !== 'PropertyDefinition') return this.#text(member);
    const head = `${member.static ? 'static ' : ''}${this.#key(member.key, member.computed)}`;
    if (member.type === 'MethodDefinition') return `${member.kind} ${head}${this.function(member.value)}`;
    if (!member.value) return head;
    const name = member.computed ? undefined : plainKey(member.key);
    return `${head}=${this.#omitted.has(member.value) ? '-' : this.named(member.value, name)}`;
  }

  #key(key: Node, isComputed: boolean): string {
    if (isComputed) return `[${this.#text(key)}]`;
    const plain = plainKey(key);
    return plain === undefined ? this.#text(key) : JSON.stringify(plain);
  }

  #keptInClass({ body }: ClassNode): string | undefined {
    const block = body.body.find((member) => member.type === 'StaticBlock' && this.#names.isNoise(member));
    const statement = block?.type === 'StaticBlock' ? block.body[0] : undefined;
    return statement?.type === 'ExpressionStatement'
      ? this.#names.kept(statement.expression)?.name
      : undefined;
  }
}

/** The name that a function gets which a variable is set to. */
export function nameIn(target: Node): string | undefined {
  return target.type === 'Identifier' ? target.name : undefined;
}

function turn(member: Node): number {
  if (member.type === 'MethodDefinition') return 0;
  return member.type === 'PropertyDefinition' && !member.static ? 1 : 2;
}

function plainKey(key: Node): string | undefined {
  if (key.type === 'Identifier') return key.name;
  const isPlain = key.type === 'Literal' && (typeof key.value === 'string' || typeof key.value === 'number');
  return isPlain ? String(key.value) : undefined;
}
