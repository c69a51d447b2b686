import { cellEdits } from './cell-edits.ts';
import { type ClassParts, classParts } from './class-parts.ts';
import { cellOf, freeNames, freeReferences, type FreeName, type SeenReference } from './free-names.ts';
import { useOf } from './member-uses.ts';
import { methodKeyEdit } from './method-text.ts';
import { loadOf, type ModuleLoad } from './module-loads.ts';
import type { ModuleService } from './runner-wrappers.ts';
import type { Place } from './source-file.ts';
import { isClassNode, isFunctionNode, type Node, walk } from './syntax.ts';
import { blanked, type Edit, edited } from './text-edits.ts';
import type { UnitKind } from './unit-script.ts';

/** What can be known of a function or class from its text alone; the same for all closures of it. */
export interface FunctionFacts {
  readonly place: Place;
  readonly kind: UnitKind;
  readonly isStrict: boolean;
  readonly names: readonly FreeName[];
  /** `import.meta` and `import()` in the text, which only a module can say, and so are variables in `text`. */
  readonly services: ReadonlyMap<string, ModuleService>;
  /** Modules that it loads while it runs. */
  readonly loads: readonly ModuleLoad[];
  readonly usesThis: boolean;
  readonly usesSuper: boolean;
  readonly classParts: ClassParts | undefined;
  readonly edits: readonly Edit[];
  /** The text that runs in a worker. */
  readonly text: string;
}

// As long as what they stand for, so that the text keeps its columns.
export const IMPORT_META = '$importMeta';
export const IMPORT_CALL = '$impor';

const known = new WeakMap<Node, FunctionFacts>();

/** Reads the text of a function, once. */
export function functionFacts(place: Place): FunctionFacts {
  const facts = known.get(place.node) ?? readFacts(place);
  known.set(place.node, facts);
  return facts;
}

function readFacts(place: Place): FunctionFacts {
  const { file, node, start } = place;
  const parts = isClassNode(node) ? classParts(node, file.text) : undefined;
  const references = new Map(
    freeReferences(place).map((reference) => [reference.identifier as unknown, reference]),
  );
  const seen: SeenReference[] = [];
  const services = new Map<string, ModuleService>();
  const edits: Edit[] = [...(parts?.edits ?? [])];
  const loads: ModuleLoad[] = [];
  let usesThis = false;
  let usesSuper = false;
  walk(node, (inner, ancestors) => {
    if (parts?.omitted.has(inner)) return 'skip';
    if (inner.type === 'ThisExpression') usesThis ||= isOwnThis(ancestors);
    if (inner.type === 'Super') usesSuper ||= isOwnThis(ancestors);
    const load = loadOf(inner, file, references);
    if (load !== undefined) loads.push(load);
    const service = serviceEdit(inner, file.text);
    if (service !== undefined) {
      edits.push(service);
      services.set(service.text, service.text === IMPORT_META ? 'meta' : 'import');
    }
    const reference = references.get(inner);
    if (reference === undefined) return undefined;
    const isNeededAtOnce = parts?.isAtOnce(inner) ?? false;
    seen.push({ reference, use: useOf(inner, ancestors), isNeededAtOnce });
    const { resolved } = reference;
    if (resolved !== null && cellOf(resolved, file) !== undefined) edits.push(...cellEdits(inner, ancestors));
    return undefined;
  });
  const keyEdit = methodKeyEdit(place);
  if (keyEdit !== undefined) edits.push(keyEdit);
  const names = freeNames(file, seen);
  edits.push(...ownNameEdits(node, names, file.text));
  return {
    place,
    kind: isClassNode(node) ? 'class' : start < node.start ? 'method' : 'function',
    isStrict: place.scope.isStrict,
    names,
    services,
    loads,
    usesThis,
    usesSuper,
    classParts: parts,
    edits,
    text: edited(file.text, start, node.end, edits),
  };
}

/**
 * Blanks the name of a declaration that refers to itself. As an expression it would see itself under that name, and
 * not what the variable holds, which may be a decorated one.
 */
function ownNameEdits(node: Node, names: readonly FreeName[], text: string): readonly Edit[] {
  if (node.type !== 'FunctionDeclaration' || !node.id) return [];
  const { start, end, name } = node.id;
  if (!names.some((free) => free.name === name)) return [];
  return [{ start, end, text: blanked(text.slice(start, end)) }];
}

/** Whether `this` or `super` is that of the outermost function around it. */
function isOwnThis(ancestors: readonly Node[]): boolean {
  const inner = ancestors.slice(1);
  return !inner.some((node) => isClassBody(node) || (isFunctionNode(node) && !isArrow(node)));
}

function isClassBody(node: Node): boolean {
  return node.type === 'ClassBody';
}

function isArrow(node: Node): boolean {
  return node.type === 'ArrowFunctionExpression';
}

function serviceEdit(node: Node, text: string): Edit | undefined {
  if (node.type === 'MetaProperty' && node.meta.name === 'import') {
    return { start: node.start, end: node.end, text: IMPORT_META };
  }
  if (node.type !== 'ImportExpression' || !text.startsWith('import', node.start)) return undefined;
  return { start: node.start, end: node.start + IMPORT_CALL.length, text: IMPORT_CALL };
}
