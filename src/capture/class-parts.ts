import type { MethodDefinition, PropertyDefinition, StaticBlock } from 'acorn';
import { KEEP_NAME } from './runner-wrappers.ts';
import { type ClassNode, isFunctionNode, type Node } from './syntax.ts';
import { blanked, type Edit } from './text-edits.ts';

/** What of a class is run when it is made, and what its text says by itself. */
export interface ClassParts {
  /** Blanks the initial values of static fields: a worker gets the values that the fields have now. */
  readonly edits: readonly Edit[];
  readonly omitted: ReadonlySet<Node>;
  /** Whether a node is evaluated when the class is made. */
  readonly isAtOnce: (node: Node) => boolean;
  /** What it declares, static and for its prototype. */
  readonly statics: DeclaredMembers;
  readonly members: DeclaredMembers;
  readonly hasStaticFields: boolean;
  /** Names of private static fields whose values travel, such as `#count`. */
  readonly privateFields: readonly string[];
  /** What it extends. Its value is asked from the class, since a variable that is used nowhere else is gone. */
  readonly heritage: Node | undefined;
}

/** Members by their keys as the text has them; those with computed keys under `COMPUTED`. */
export interface DeclaredMembers {
  /** Texts of methods, accessors and fields that are functions. */
  readonly texts: ReadonlyMap<string, ReadonlySet<string>>;
  /** Those that the class, or its prototype, must own. */
  readonly keys: ReadonlySet<string>;
}

/** No key of a member that is written out. */
export const COMPUTED = '[computed]';

/** The variable that stands for what a class extends, in the text that travels. */
export const SUPER = '$super';

/** A class has under this key, until it is ready, what sets its private fields. */
export const RESTORE_KEY = '@@restore';

export function classParts(node: ClassNode, text: string): ClassParts {
  const members = node.body.body;
  const staticFields = members.filter((member): member is PropertyDefinition => isStaticField(member));
  const blocks = members.filter((member) => member.type === 'StaticBlock');
  const decorating = blocks.filter((block) => isDecorating(text.slice(block.start, block.end)));
  const runsBlocks = blocks.some((block) => !decorating.includes(block) && !keepsNameOnly(block));
  const values = staticFields.flatMap((field) => (field.value && isReplaceable(field) ? [field.value] : []));
  const omitted = new Set<Node>(runsBlocks ? decorating : [...decorating, ...values]);
  const atOnce = members.flatMap(nodesAtOnce);
  const blanks: Edit[] = [
    ...decorating.map(({ start, end }) => ({ start, end, text: blanked(text.slice(start, end)) })),
    ...staticFields.flatMap((field) => (field.value && omitted.has(field.value) ? [blank(field, text)] : [])),
  ];
  const privateFields = staticFields.flatMap(privateName);
  if (privateFields.length > 0) blanks.push(restoreEdit(node, privateFields));
  const heritage = node.superClass?.type === 'Literal' ? undefined : (node.superClass ?? undefined);
  if (heritage !== undefined) omitted.add(heritage);
  return {
    edits: heritage === undefined ? blanks : [...blanks, superEdit(heritage)],
    heritage,
    omitted,
    isAtOnce: (inner) => atOnce.some((part) => part.start <= inner.start && inner.end <= part.end),
    statics: declaredMembers(members, text, true),
    members: declaredMembers(members, text, false),
    hasStaticFields: staticFields.length > 0,
    privateFields,
  };
}

// As long as what it stands for where that is possible, so that what follows keeps its column.
function superEdit({ start, end }: Node): Edit {
  return { start, end, text: SUPER.padEnd(end - start) };
}

type Member = MethodDefinition | PropertyDefinition | StaticBlock;

function isStaticField(member: Member): boolean {
  return member.type === 'PropertyDefinition' && member.static;
}

// Functions travel with their class, and what is kept by weak references is found by nothing that travels.
function privateName({ key, value }: PropertyDefinition): readonly string[] {
  if (key.type !== 'PrivateIdentifier') return [];
  if (value && (isFunctionNode(value) || value.type === 'ClassExpression')) return [];
  const isWeak =
    value?.type === 'NewExpression' && value.callee.type === 'Identifier' && /^Weak/.test(value.callee.name);
  return isWeak ? [] : [`#${key.name}`];
}

/** Lets the values of private fields be set once the class is made, which only code inside it can do. */
function restoreEdit({ body }: ClassNode, names: readonly string[]): Edit {
  const targets = names.map((name) => `this.${name}`).join();
  const at = body.end - 1;
  return { start: at, end: at, text: `static{this["${RESTORE_KEY}"]=($v)=>{[${targets}]=$v}}` };
}

// A private field cannot be set from outside, and functions travel with their class.
function isReplaceable({ key, value }: PropertyDefinition): boolean {
  if (key.type === 'PrivateIdentifier' || !value) return false;
  return !isFunctionNode(value) && value.type !== 'ClassExpression';
}

// From the end of the key to the end of the field, since the value may stand in brackets.
function blank({ key, computed, end }: PropertyDefinition, text: string): Edit {
  const start = computed ? text.indexOf(']', key.end) + 1 : key.end;
  const last = text.charAt(end - 1) === ';' ? end - 1 : end;
  return { start, end: last, text: blanked(text.slice(start, last)) };
}

function nodesAtOnce(member: Member): readonly Node[] {
  if (member.type === 'StaticBlock') return [member];
  const key = member.computed ? [member.key] : [];
  const value = member.type === 'PropertyDefinition' && member.static ? member.value : undefined;
  return value && !isFunctionNode(value) ? [...key, value] : key;
}

// What TypeScript makes of standard decorators. What they gave is taken from the class as it is now.
function isDecorating(block: string): boolean {
  return /\b__(esDecorate|runInitializers)\b/.test(block);
}

function keepsNameOnly({ body }: StaticBlock): boolean {
  return body.every((statement) => {
    const call = statement.type === 'ExpressionStatement' ? statement.expression : undefined;
    return (
      call?.type === 'CallExpression' && call.callee.type === 'Identifier' && call.callee.name === KEEP_NAME
    );
  });
}

function declaredMembers(members: readonly Member[], text: string, isStatic: boolean): DeclaredMembers {
  const texts = new Map<string, Set<string>>();
  const keys = new Set<string>();
  for (const member of members) {
    if (member.type === 'StaticBlock' || member.static !== isStatic) continue;
    const key = keyOf(member);
    texts.set(key, (texts.get(key) ?? new Set()).add(textOf(member, text)));
    const isOwn = member.type === 'MethodDefinition' ? member.kind !== 'constructor' : isStatic;
    if (isOwn && key !== COMPUTED && member.key.type !== 'PrivateIdentifier') keys.add(key);
  }
  return { texts, keys };
}

function keyOf({ key, computed }: MethodDefinition | PropertyDefinition): string {
  if (computed) return COMPUTED;
  if (key.type === 'Identifier' || key.type === 'PrivateIdentifier') return key.name;
  return key.type === 'Literal' ? String(key.value) : COMPUTED;
}

function textOf(member: MethodDefinition | PropertyDefinition, text: string): string {
  if (member.type === 'PropertyDefinition')
    return member.value ? text.slice(member.value.start, member.value.end) : '';
  const whole = text.slice(member.start, member.end);
  return member.static ? whole.replace(/^static\s*/, '') : whole;
}
