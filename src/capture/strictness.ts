import type { CodeNames } from './code-names.ts';
import { isClassNode, isFunctionNode, type Node, walk } from './syntax.ts';

/**
 * Whether a function can do something else in strict code than in sloppy code: it sees `this` or `arguments`, writes
 * to what may refuse it, or declares functions in blocks. Code of classes is always strict.
 */
export function noticesStrictness(names: CodeNames): boolean {
  const { file, node } = names.unit.facts.place;
  if (isClassNode(node)) return false;
  let notices = false;
  walk(node, (inner, ancestors) => {
    if (inner.type === 'ClassBody') return 'skip';
    notices ||= !names.isVariable(inner) && seesMode(inner, ancestors.at(-1), ancestors.at(-2));
    return notices ? 'skip' : undefined;
  });
  return (
    notices ||
    file.referencesWithin(node.start, node.end).some((reference) => {
      if (!reference.isWrite() || reference.init === true) return false;
      return reference.resolved === null || reference.resolved.scope.type === 'function-expression-name';
    })
  );
}

function seesMode(node: Node, parent: Node | undefined, above: Node | undefined): boolean {
  switch (node.type) {
    case 'ThisExpression':
    case 'WithStatement':
      return true;
    case 'Identifier':
      return SEEN.has(node.name);
    case 'Literal':
      return typeof node.value === 'string' && SEEN.has(node.value);
    case 'UnaryExpression':
      return node.operator === 'delete';
    case 'FunctionDeclaration':
      return (
        parent !== undefined &&
        !(parent.type === 'BlockStatement' && above !== undefined && isFunctionNode(above))
      );
    case 'MemberExpression':
      return isWritten(node, parent, above);
    default:
      return false;
  }
}

const SEEN = new Set(['arguments', 'caller', 'callee']);

function isWritten(node: Node, parent: Node | undefined, above: Node | undefined): boolean {
  switch (parent?.type) {
    case 'AssignmentExpression':
    case 'AssignmentPattern':
    case 'ForInStatement':
    case 'ForOfStatement':
      return parent.left === node;
    case 'UpdateExpression':
    case 'RestElement':
    case 'ArrayPattern':
      return true;
    case 'Property':
      return above?.type === 'ObjectPattern';
    default:
      return false;
  }
}
