import { staticKey } from './syntax.ts';
/** What is done with the value of an identifier, given the nodes around it (the parent last). */
export function useOf(identifier, ancestors) {
  const path = [];
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
function isCallee(node, parent) {
  if (parent?.type === 'CallExpression') return parent.callee === node;
  return parent?.type === 'TaggedTemplateExpression' && parent.tag === node;
}
function isTarget(node, parent, grandparent) {
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
//# sourceMappingURL=member-uses.js.map
