import type { SourceFile } from './source-file.ts';
import { asNode, type Node, staticKey, type Variable } from './syntax.ts';

/**
 * What a const holds as far as its declaration alone tells: the engine forgets variables that no function uses, and a
 * computed key of a class is evaluated once only. Undefined where the declaration does not tell.
 */
export function constValue(variable: Variable, file: SourceFile): { readonly value: unknown } | undefined {
  const [definition, other] = variable.defs;
  if (definition === undefined || other !== undefined) return undefined;
  if (variable.references.some((reference) => reference.isWrite() && reference.init !== true))
    return undefined;
  const declarator = asNode(definition.node);
  if (declarator.type !== 'VariableDeclarator' || declarator.id.type !== 'Identifier') return undefined;
  return declarator.init ? valueOfNode(declarator.init, file) : undefined;
}

function valueOfNode(node: Node, file: SourceFile): { readonly value: unknown } | undefined {
  switch (node.type) {
    case 'Literal':
      return node.regex ? undefined : { value: node.value };
    case 'TemplateLiteral':
      return node.expressions.length === 0 ? { value: node.quasis[0]?.value.cooked } : undefined;
    case 'BinaryExpression':
      return sum(node.operator, valueOfNode(node.left, file), valueOfNode(node.right, file));
    case 'Identifier': {
      const variable = file.referenceAt(node.start)?.resolved;
      return variable ? constValue(variable, file) : undefined;
    }
    case 'MemberExpression':
      return isSymbol(node.object, file) ? wellKnown(staticKey(node)) : undefined;
    case 'CallExpression': {
      const { callee, arguments: given } = node;
      if (callee.type !== 'MemberExpression' || staticKey(callee) !== 'for') return undefined;
      const key = isSymbol(callee.object, file) && given[0] ? valueOfNode(given[0], file) : undefined;
      return key && { value: Symbol.for(String(key.value)) };
    }
    default:
      return undefined;
  }
}

interface Holding {
  readonly value: unknown;
}

function sum(operator: string, left: Holding | undefined, right: Holding | undefined): Holding | undefined {
  if (operator !== '+' || left === undefined || right === undefined) return undefined;
  if (typeof left.value === 'number' && typeof right.value === 'number')
    return { value: left.value + right.value };
  const isText = typeof left.value === 'string' || typeof right.value === 'string';
  return isText ? { value: `${left.value}${right.value}` } : undefined;
}

function isSymbol(node: Node, file: SourceFile): boolean {
  return node.type === 'Identifier' && node.name === 'Symbol' && !file.referenceAt(node.start)?.resolved;
}

function wellKnown(key: string | undefined): Holding | undefined {
  const value: unknown = key === undefined ? undefined : Reflect.get(Symbol, key);
  return typeof value === 'symbol' ? { value } : undefined;
}
