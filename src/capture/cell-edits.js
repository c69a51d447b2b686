/** Where the value of a shared variable stands in its cell. */
export const CELL_KEY = 'v';
/** Makes an identifier of a shared variable read and write its cell: `count++` becomes `count.v++`. */
export function cellEdits(identifier, ancestors) {
  if (identifier.type !== 'Identifier') return [];
  const { start, end, name } = identifier;
  const parent = ancestors.at(-1);
  const value = `${name}.${CELL_KEY}`;
  if (isShorthand(identifier, ancestors)) return [{ start, end, text: `${name}:${value}` }];
  // A plain `count.v()` would hand the cell to the function as its `this`.
  const isCallee = parent?.type === 'CallExpression' && parent.callee === identifier;
  const isTag = parent?.type === 'TaggedTemplateExpression' && parent.tag === identifier;
  return [{ start, end, text: isCallee || isTag ? `(0,${value})` : value }];
}
function isShorthand(identifier, ancestors) {
  const parent = ancestors.at(-1);
  const holder =
    parent?.type === 'AssignmentPattern' && parent.left === identifier ? ancestors.at(-2) : parent;
  return holder?.type === 'Property' && holder.shorthand;
}
//# sourceMappingURL=cell-edits.js.map
