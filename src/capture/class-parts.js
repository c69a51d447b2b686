import { KEEP_NAME } from './runner-wrappers.ts';
import { isFunctionNode } from './syntax.ts';
import { blanked } from './text-edits.ts';
/** The variable that stands for what a class extends, in the text that travels. */
export const SUPER = '$super';
export function classParts(node, text) {
  const members = node.body.body;
  const staticFields = members.filter((member) => isStaticField(member));
  const runsBlocks = members.some((member) => member.type === 'StaticBlock' && !keepsNameOnly(member));
  const values = staticFields.flatMap((field) => (field.value && isReplaceable(field) ? [field.value] : []));
  const omitted = new Set(runsBlocks ? [] : values);
  const atOnce = members.flatMap(nodesAtOnce);
  const blanks = staticFields.flatMap((field) =>
    field.value && omitted.has(field.value) ? [blank(field, text)] : [],
  );
  const heritage = node.superClass?.type === 'Literal' ? undefined : (node.superClass ?? undefined);
  if (heritage !== undefined) omitted.add(heritage);
  return {
    edits: heritage === undefined ? blanks : [...blanks, superEdit(heritage)],
    heritage,
    omitted,
    isAtOnce: (inner) => atOnce.some((part) => part.start <= inner.start && inner.end <= part.end),
    staticTexts: new Set(members.flatMap((member) => textOf(member, text, true))),
    memberTexts: new Set(members.flatMap((member) => textOf(member, text, false))),
    hasStaticFields: staticFields.length > 0,
  };
}
// As long as what it stands for where that is possible, so that what follows keeps its column.
function superEdit({ start, end }) {
  return { start, end, text: SUPER.padEnd(end - start) };
}
function isStaticField(member) {
  return member.type === 'PropertyDefinition' && member.static;
}
// A private field cannot be set from outside, and functions travel with their class.
function isReplaceable({ key, value }) {
  if (key.type === 'PrivateIdentifier' || !value) return false;
  return !isFunctionNode(value) && value.type !== 'ClassExpression';
}
// From the end of the key, so that `=` goes too.
function blank({ key, value, computed }, text) {
  const from = computed ? text.indexOf(']', key.end) + 1 : key.end;
  const end = value?.end ?? from;
  return { start: from, end, text: blanked(text.slice(from, end)) };
}
function nodesAtOnce(member) {
  if (member.type === 'StaticBlock') return [member];
  const key = member.computed ? [member.key] : [];
  const value = member.type === 'PropertyDefinition' && member.static ? member.value : undefined;
  return value && !isFunctionNode(value) ? [...key, value] : key;
}
function keepsNameOnly({ body }) {
  return body.every((statement) => {
    const call = statement.type === 'ExpressionStatement' ? statement.expression : undefined;
    return (
      call?.type === 'CallExpression' && call.callee.type === 'Identifier' && call.callee.name === KEEP_NAME
    );
  });
}
function textOf(member, text, isStatic) {
  if (member.type === 'StaticBlock' || member.static !== isStatic) return [];
  if (member.type === 'PropertyDefinition')
    return member.value ? [text.slice(member.value.start, member.value.end)] : [];
  const whole = text.slice(member.start, member.end);
  return [isStatic ? whole.replace(/^static\s*/, '') : whole];
}
//# sourceMappingURL=class-parts.js.map
