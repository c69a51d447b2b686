import { type Node, staticKey } from './syntax.ts';

/** How a variable is used in one place: the static members that are read from it, and what happens to the last. */
export interface Use {
  readonly path: readonly string[];
  readonly isCalled: boolean;
  readonly isWritten: boolean;
}

/** What is done with the value of an identifier, given the nodes around it (the parent last). */
export function useOf(identifier: Node, ancestors: readonly Node[]): Use {
  const path: string[] = [];
  let node = identifier;
  let above = ancestors.length - 1;
  for (; above >= 0; above--) {
    const parent = ancestors[above];
    if (parent === undefined) break;
    if (parent.type === 'MemberExpression' && parent.object === node) {
      const key = staticKey(parent);
      if (key === undefined) break;
      path.push(key);
    } else if (parent.type !== 'ChainExpression') {
      break;
    }
    node = parent;
  }
  const parent = ancestors[above];
  return { path, isCalled: isCallee(node, parent), isWritten: isTarget(node, parent, ancestors[above - 1]) };
}

function isCallee(node: Node, parent: Node | undefined): boolean {
  if (parent?.type === 'CallExpression') return parent.callee === node;
  return parent?.type === 'TaggedTemplateExpression' && parent.tag === node;
}

/** Whether something is written there, or deleted. */
export function isTarget(node: Node, parent: Node | undefined, grandparent: Node | undefined): boolean {
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
    case 'UnaryExpression':
      return parent.operator === 'delete';
    case 'Property':
      return grandparent?.type === 'ObjectPattern' && parent.value === node;
    default:
      return false;
  }
}
