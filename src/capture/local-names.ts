import { freeReferences } from './free-names.ts';
import type { Place } from './source-file.ts';
import { asNode, isClassNode, type Node, type Scope, type Variable } from './syntax.ts';

/** What an identifier in the text of a function stands for. */
export type Meaning =
  /** A variable of its own. */
  | { readonly kind: 'local'; readonly variable: Variable }
  /** The name by which a function expression or a class knows itself. */
  | { readonly kind: 'self' }
  /** A name from outside. */
  | { readonly kind: 'free'; readonly name: string };

const known = new WeakMap<Node, LocalNames>();

/** What the identifiers of a function stand for, found once: it depends on the text alone. */
export function localNames(place: Place): LocalNames {
  const names = known.get(place.node) ?? new LocalNames(place);
  known.set(place.node, names);
  return names;
}

/** The identifiers of a function: compilers give other names to variables that are its own. */
export class LocalNames {
  readonly #meanings = new Map<unknown, Meaning>();
  /** Names that esbuild keeps with a statement `__name(variable, "name")`. */
  readonly #kept = new Map<Variable, string>();

  constructor(place: Place) {
    const { file, node, scope } = place;
    this.#addScope(scope, node);
    const free = new Set<unknown>(freeReferences(place).map(({ identifier }) => identifier));
    for (const { identifier, resolved } of file.referencesWithin(node.start, node.end)) {
      const { name } = identifier;
      if (free.has(identifier)) this.#meanings.set(identifier, { kind: 'free', name });
      else if (resolved !== null) this.#meanings.set(identifier, meaningOf(resolved, node));
    }
  }

  meaning(identifier: Node): Meaning | undefined {
    return this.#meanings.get(identifier);
  }

  /** The name that a declared function or class has, whatever its variable is called. */
  nameOf(identifier: Node & { readonly name: string }): string {
    const meaning = this.#meanings.get(identifier);
    const kept = meaning?.kind === 'local' ? this.#kept.get(meaning.variable) : undefined;
    return kept ?? identifier.name;
  }

  /** Takes note of `__name(identifier, "name")`. */
  keep(identifier: Node, name: string): void {
    const meaning = this.#meanings.get(identifier);
    if (meaning?.kind === 'local') this.#kept.set(meaning.variable, name);
  }

  #addScope(scope: Scope, root: Node): void {
    for (const variable of scope.variables) {
      for (const identifier of variable.identifiers)
        this.#meanings.set(identifier, meaningOf(variable, root));
    }
    for (const inner of scope.childScopes) this.#addScope(inner, root);
  }
}

/** A declared class has a variable outside and one of the same value inside; they count as the outer one. */
function meaningOf(variable: Variable, root: Node): Meaning {
  const block = asNode(variable.scope.block);
  const isOwnName = variable.scope.type === 'function-expression-name' || isClassNode(block);
  if (!isOwnName) return { kind: 'local', variable };
  if (block === root) return { kind: 'self' };
  const outer = block.type === 'ClassDeclaration' ? variable.scope.upper?.set.get(variable.name) : undefined;
  return { kind: 'local', variable: outer ?? variable };
}
