import type { CodeNames } from './code-names.ts';
import { isTarget } from './member-uses.ts';
import type { Place } from './source-file.ts';
import { isClassNode, isFunctionNode, type Node, walk } from './syntax.ts';

/**
 * Whether a function can do something else in strict code than in sloppy code: it sees `this` or `arguments`, writes
 * to what may refuse it, or declares functions in blocks. Code of classes is always strict.
 */
export function noticesStrictness(names: CodeNames): boolean {
  const { place } = names.unit.facts;
  if (isClassNode(place.node)) return false;
  const signs = known.get(place.node) ?? readSigns(place);
  known.set(place.node, signs);
  return signs.isSure || signs.writtenMembers.some((member) => !names.isVariable(member));
}

/** What the text alone tells: a member may turn out to be a variable of a module. */
interface Signs {
  readonly isSure: boolean;
  readonly writtenMembers: readonly Node[];
}

const known = new WeakMap<Node, Signs>();

function readSigns({ file, node }: Place): Signs {
  const writtenMembers: Node[] = [];
  let isSure = file.referencesWithin(node.start, node.end).some((reference) => {
    if (!reference.isWrite() || reference.init === true) return false;
    return reference.resolved === null || reference.resolved.scope.type === 'function-expression-name';
  });
  walk(node, (inner, ancestors) => {
    if (isSure || inner.type === 'ClassBody') return 'skip';
    const [parent, above] = [ancestors.at(-1), ancestors.at(-2)];
    isSure = seesMode(inner, parent, above);
    if (inner.type === 'MemberExpression' && isTarget(inner, parent, above)) writtenMembers.push(inner);
    return undefined;
  });
  return { isSure, writtenMembers };
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
    case 'FunctionDeclaration': {
      const isInBody = parent?.type === 'BlockStatement' && above !== undefined && isFunctionNode(above);
      return parent !== undefined && !isInBody;
    }
    default:
      return false;
  }
}

const SEEN = new Set(['arguments', 'caller', 'callee']);
