import type { CodeNames } from './code-names.ts';
import { type Constant, foldedBinary, foldedUnary, takesRight } from './constants.ts';
import { DefinitionText, nameIn } from './definition-text.ts';
import { IMPORT_CALL, IMPORT_META } from './function-facts.ts';
import { moduleName } from './module-content.ts';
import { importedByTsx } from './runner-wrappers.ts';
import { constant, type Shown, sum, template } from './text-shapes.ts';
import { isClassNode, isFunctionNode, isNode, type Node, staticKey } from './syntax.ts';

type Typed<Type extends Node['type']> = Node & { readonly type: Type };

/**
 * The code of a function as identity counts it, the same whatever compiler or runner made it of one source: layout,
 * comments, quotes and the names of its own variables do not count, what runners put around names is gone, constants
 * are folded. What comes from outside stands in it at the place where it is used.
 */
export function printedCode(names: CodeNames): string {
  const { links, facts } = names.unit;
  const { node, file } = facts.place;
  // In `with` nobody knows what a name stands for.
  if (!facts.isStrict && /\bwith\b/.test(file.text.slice(node.start, node.end))) {
    const known = [...links.keys()].map((name) => `${name}=${names.service(name)}`);
    return `${known.join()} ${file.text.slice(node.start, node.end)}`;
  }
  return new CodePrinter(names).root();
}

class CodePrinter {
  readonly #names: CodeNames;
  readonly #definitions: DefinitionText;
  readonly #omitted: ReadonlySet<Node>;

  constructor(names: CodeNames) {
    this.#names = names;
    this.#definitions = new DefinitionText(names, (node) => this.#text(node));
    this.#omitted = names.unit.facts.classParts?.omitted ?? new Set();
  }

  root(): string {
    const { node } = this.#names.unit.facts.place;
    return isClassNode(node) ? this.#definitions.class(node) : this.#definitions.function(node);
  }

  #text(node: Node): string {
    return this.#shown(node).text;
  }

  #shown(node: Node): Shown {
    switch (node.type) {
      case 'Literal':
        return node.regex
          ? { text: `/${node.regex.pattern}/${node.regex.flags}` }
          : constant(literalValue(node));
      case 'TemplateLiteral': {
        const pieces = node.quasis.map(({ value }) => value.cooked ?? '');
        return template(
          pieces,
          node.expressions.map((expression) => this.#shown(expression)),
        );
      }
      case 'Identifier':
        return this.#names.shown(node) ?? this.#names.identifier(node);
      case 'MemberExpression':
        return this.#names.shown(node) ?? { text: this.#member(node) };
      case 'UnaryExpression':
        return this.#unary(node);
      case 'BinaryExpression':
        return this.#binary(node);
      case 'LogicalExpression':
        return this.#logical(node);
      case 'ConditionalExpression':
        return this.#conditional(node);
      case 'SequenceExpression':
        return this.#sequence(node.expressions);
      default:
        return { text: this.#omitted.has(node) ? '-' : this.#other(node) };
    }
  }

  #other(node: Node): string {
    if (isFunctionNode(node) || isClassNode(node)) return this.#definitions.definition(node, undefined);
    switch (node.type) {
      case 'CallExpression':
        return this.#call(node);
      case 'ImportExpression':
        return this.#callText(this.#names.service(IMPORT_CALL), [
          node.source,
          ...(node.options ? [node.options] : []),
        ]);
      case 'MetaProperty':
        return node.meta.name === 'import' ? this.#names.service(IMPORT_META) : 'new.target';
      case 'TaggedTemplateExpression': {
        const pieces = JSON.stringify(node.quasi.quasis.map(({ value }) => value.raw));
        return `tag(${this.#callee(node.tag)},${pieces},${this.#texts(node.quasi.expressions)})`;
      }
      case 'AssignmentExpression':
        return `${node.operator}(${this.#definitions.target(node.left)},${this.#definitions.named(node.right, nameIn(node.left))})`;
      case 'UpdateExpression':
        return `${node.prefix ? 'pre' : 'post'}${node.operator}(${this.#definitions.target(node.argument)})`;
      case 'VariableDeclarator':
        return `${this.#definitions.target(node.id)}=${node.init ? this.#definitions.named(node.init, nameIn(node.id)) : ''}`;
      case 'ForInStatement':
      case 'ForOfStatement':
        return this.#forEach(node);
      case 'CatchClause':
        return `catch(${node.param ? this.#definitions.target(node.param) : ''})${this.#text(node.body)}`;
      case 'Property':
        return this.#definitions.property(node);
      case 'PrivateIdentifier':
        return `#${node.name}`;
      default:
        return this.#fields(node);
    }
  }

  /** All other nodes, by their fields. */
  #fields(node: Node): string {
    const shown = Object.entries(node)
      .filter(([key, value]) => !SKIPPED.has(key) && value !== false && value !== null && value !== undefined)
      .map(([key, value]) => `${key}:${this.#field(value)}`);
    return `${node.type}{${shown.join()}}`;
  }

  #field(value: unknown): string {
    if (Array.isArray(value)) return this.#texts(value as (Node | null)[]);
    return isNode(value) ? this.#text(value) : JSON.stringify(value);
  }

  #texts(nodes: readonly (Node | null)[]): string {
    const counted = nodes.filter((node) => node === null || !this.#names.isNoise(node));
    return `[${counted.map((node) => (node === null ? 'hole' : this.#text(node))).join()}]`;
  }

  #member(node: Typed<'MemberExpression'>): string {
    const key = staticKey(node);
    const shown = key === undefined ? `[${this.#text(node.property)}]` : JSON.stringify(key);
    return `${node.optional ? '?' : ''}.(${this.#text(node.object)},${shown})`;
  }

  #unary({ operator, argument }: Typed<'UnaryExpression'>): Shown {
    if (operator === 'delete')
      return { text: `delete ${argument.type}(${this.#definitions.target(argument)})` };
    const shown = this.#shown(argument);
    const folded = shown.holds && foldedUnary(operator, shown.holds.constant);
    if (folded !== undefined) return constant(folded.constant);
    // `typeof name` is no error for a name that nobody declares, `typeof (0, name)` is one.
    const isName = argument.type === 'Identifier' ? ' name' : '';
    return { text: `${operator}${operator === 'typeof' ? isName : ''}(${shown.text})` };
  }

  #binary({ operator, left, right }: Typed<'BinaryExpression'>): Shown {
    const [a, b] = [this.#shown(left), this.#shown(right)];
    if (operator === '+') return sum(a, b);
    const folded = a.holds && b.holds && foldedBinary(operator, a.holds.constant, b.holds.constant);
    return folded === undefined ? { text: `${operator}(${a.text},${b.text})` } : constant(folded.constant);
  }

  #logical({ operator, left, right }: Typed<'LogicalExpression'>): Shown {
    const shown = this.#shown(left);
    if (shown.holds === undefined) return { text: `${operator}(${shown.text},${this.#text(right)})` };
    return takesRight(operator, shown.holds.constant) ? this.#shown(right) : shown;
  }

  #conditional({ test, consequent, alternate }: Typed<'ConditionalExpression'>): Shown {
    const { holds, text } = this.#shown(test);
    if (holds !== undefined) return this.#shown(holds.constant ? consequent : alternate);
    return { text: `?(${text},${this.#text(consequent)},${this.#text(alternate)})` };
  }

  #sequence(expressions: readonly Node[]): Shown {
    const shown = expressions.map((expression) => this.#shown(expression));
    const last = shown.at(-1) ?? constant(undefined);
    const effects = shown.slice(0, -1).filter(({ holds }) => holds === undefined);
    if (effects.length === 0) return last;
    return { text: `,(${[...effects, last].map(({ text }) => text).join()})` };
  }

  #call(node: Typed<'CallExpression'>): string {
    const kept = this.#names.kept(node);
    if (kept !== undefined) return this.#definitions.named(kept.value, kept.name);
    const imported = importedByTsx(node, this.#names.unit.facts.place.file.text);
    if (imported !== undefined) return this.#text(imported);
    return `${node.optional ? '?' : ''}${this.#callText(this.#callee(node.callee), node.arguments)}`;
  }

  #callText(callee: string, given: readonly Node[]): string {
    const [first] = given;
    const specifier = first && LOADERS.has(callee) ? this.#shown(first).holds?.constant : undefined;
    if (typeof specifier !== 'string') return `call(${callee},${this.#texts(given)})`;
    const name = moduleName(specifier, this.#names.unit.facts.place.file.path);
    return `load(${callee},${JSON.stringify(name)},${this.#texts(given.slice(1))})`;
  }

  /** A method gets the object that it is called on, also when it is an export: `(0, a.b)()` is not `a.b()`. */
  #callee(node: Node): string {
    if (node.type === 'MemberExpression') return `method${this.#member(node)}`;
    const inner = node.type === 'ChainExpression' ? node.expression : undefined;
    return inner?.type === 'MemberExpression' ? `method chain${this.#member(inner)}` : this.#text(node);
  }

  #forEach(node: Typed<'ForInStatement'> | Typed<'ForOfStatement'>): string {
    const { left, right, body, type } = node;
    const isDeclared = left.type === 'VariableDeclaration';
    const shown = isDeclared ? this.#text(left) : this.#definitions.target(left);
    const isAwaited = type === 'ForOfStatement' && node.await ? ' await' : '';
    return `${type}${isAwaited}(${shown},${this.#text(right)},${this.#text(body)})`;
  }
}

const SKIPPED = new Set(['type', 'start', 'end', 'loc', 'range', 'raw', 'sourceType', 'optional']);
const LOADERS = new Set(['$import', '$require']);

function literalValue({ bigint, value }: Typed<'Literal'>): Constant {
  return bigint ? BigInt(bigint) : (value as Constant);
}
