import { memberLink } from './link-path.ts';
import { type LocalNames, localNames } from './local-names.ts';
import type { Link, UnitNode } from './nodes.ts';
import { KEEP_NAME } from './runner-wrappers.ts';
import { constant, type Shown } from './text-shapes.ts';
import { type Constant, isLongText } from './constants.ts';
import { type Node, staticKey, stringValue, type Variable, walk } from './syntax.ts';

/** What the names in a function stand for: variables of its own have numbers, what comes from outside its form. */
export class CodeNames {
  readonly unit: UnitNode;
  readonly #form: (link: Link) => string;
  readonly #local: LocalNames;
  readonly #numbers = new Map<Variable, number>();
  readonly #keepsNames: boolean;

  constructor(unit: UnitNode, form: (link: Link) => string) {
    this.unit = unit;
    this.#form = form;
    this.#local = localNames(unit.facts.place);
    this.#keepsNames = isNameKeeper(unit.links.get(KEEP_NAME));
    if (this.#keepsNames) this.#takeKeptNames();
  }

  /** The form of what a name or member refers to outside; constants stand for themselves. */
  shown(node: Node): Shown | undefined {
    const link = this.#linkOf(node);
    if (link?.kind === 'inline' && !isLongText(link.value)) return constant(link.value as Constant);
    return link && { text: this.#form(link) };
  }

  identifier(node: Node & { readonly type: 'Identifier' }): Shown {
    const meaning = this.#local.meaning(node);
    if (meaning?.kind === 'free' && node.name === 'undefined') return constant(undefined);
    // A variable of its own without a declaration is `arguments`.
    if (meaning?.kind !== 'local' || meaning.variable.defs.length === 0) return { text: `'${node.name}'` };
    const number = this.#numbers.get(meaning.variable) ?? this.#numbers.size;
    this.#numbers.set(meaning.variable, number);
    return { text: `_${number}` };
  }

  /** A variable or member that is written to; undefined where that is a member of a value. */
  target(node: Node): string | undefined {
    const link = this.#linkOf(node);
    if (node.type === 'Identifier') return link ? this.#form(link) : this.identifier(node).text;
    return link?.kind === 'cell' ? this.#form(link) : undefined;
  }

  /** Whether a name or member is a variable outside, which can always be written. */
  isVariable(node: Node): boolean {
    return this.#linkOf(node)?.kind === 'cell';
  }

  /** What the module system gives under a name that is not one of the source. */
  service(name: string): string {
    const link = this.unit.links.get(name);
    return link === undefined ? name : this.#form(link);
  }

  /** The name of a declared function or class. */
  declared(id: Node & { readonly name: string }): string {
    return this.#local.nameOf(id);
  }

  /** What esbuild wraps into `__name(value, "name")`, and into `__name(this, "name")` in classes. */
  kept(node: Node): { readonly value: Node; readonly name: string } | undefined {
    if (!this.#keepsNames || node.type !== 'CallExpression' || node.arguments.length !== 2) return undefined;
    if (node.callee.type !== 'Identifier' || node.callee.name !== KEEP_NAME) return undefined;
    const [value] = node.arguments;
    const name = stringValue(node.arguments[1]);
    return value === undefined || name === undefined ? undefined : { value, name };
  }

  /** Statements that do nothing but keep a name, and empty ones. */
  isNoise(node: Node): boolean {
    if (node.type === 'EmptyStatement') return true;
    if (node.type === 'StaticBlock')
      return node.body.length > 0 && node.body.every((inner) => this.isNoise(inner));
    return node.type === 'ExpressionStatement' && this.kept(node.expression) !== undefined;
  }

  /** What an expression such as `params.sim.n` or the last of `(0, module.name)` refers to outside. */
  #linkOf(node: Node): Link | undefined {
    if (node.type === 'Identifier') {
      const meaning = this.#local.meaning(node);
      if (meaning?.kind === 'self') return { kind: 'unit', unit: this.unit };
      return meaning?.kind === 'free' ? this.unit.links.get(meaning.name) : undefined;
    }
    if (node.type !== 'MemberExpression' || node.optional) return undefined;
    const key = staticKey(node);
    const link = key === undefined ? undefined : this.#linkOf(node.object);
    return link && key !== undefined ? memberLink(link, key) : undefined;
  }

  #takeKeptNames(): void {
    walk(this.unit.facts.place.node, (node) => {
      const kept = this.kept(node);
      if (kept !== undefined) this.#local.keep(kept.value, kept.name);
      return undefined;
    });
  }
}

/** Whether the variable `__name` holds what esbuild puts there, and nothing of the user's. */
function isNameKeeper(link: Link | undefined): boolean {
  if (link?.kind !== 'unit') return false;
  const text = Function.prototype.toString.call(link.unit.fn).replaceAll(/\s/g, '');
  return /^\((\w+),(\w+)\)=>\w+\(\1,"name",\{(?:value:)?\2,configurable:(true|!0)\}\)$/.test(text);
}
