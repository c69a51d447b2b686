import type { AnyFunction } from './any-function.ts';
import type { BuildContext } from './build-context.ts';
import type { FreeName } from './free-names.ts';
import type { ClassNode, ImportLink, KnownClass, Link, UnitNode } from './nodes.ts';
import { inspector } from './inspector.ts';
import { isForeign } from './packages.ts';
import { placeOfFunction } from './place.ts';
import type { Trail } from './refusal.ts';
import { scriptUrl } from './source-file.ts';
import { isClassNode } from './syntax.ts';
import { Variables } from './variables.ts';

type ValueLink = (value: unknown, trail: Trail) => Link;

/** The classes of an island whose instances travel by functions: those it names, and those of instances in its data. */
export class KnownClasses {
  readonly #context: BuildContext;
  readonly #valueLink: ValueLink;
  readonly #nodes = new Map<KnownClass, ClassNode | undefined>();

  constructor(context: BuildContext, valueLink: ValueLink) {
    this.#context = context;
    this.#valueLink = valueLink;
  }

  /** By name, so that the order in which they were met does not count. */
  inOrder(): readonly ClassNode[] {
    const nodes = [...this.#nodes.values()].filter((node) => node !== undefined);
    return nodes.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Adds what is known of a class that the code names. */
  addOwner(value: unknown, link: Link, trail: Trail): void {
    const known =
      typeof value === 'function' ? this.#context.hooks.classOf?.(value as AnyFunction) : undefined;
    if (known !== undefined) this.#add(known, link, trail);
  }

  /** Adds the class of an instance. */
  add(known: KnownClass, trail: Trail): void {
    if (this.#nodes.has(known)) return;
    const { owner, how } = known;
    const isOwn = typeof owner === 'function' && isWrittenHere(this.#context.variables, owner as AnyFunction);
    this.#add(known, isOwn ? this.#valueLink(owner, [...trail, how.name]) : undefined, trail);
  }

  /** Adds a class that is imported, by itself or as a member of its module; gives the link to it. */
  addImported(unit: UnitNode, { name, uses }: FreeName, link: ImportLink): ImportLink {
    const found = this.#context.variables.value(unit.fn, name);
    if (found.state !== 'set') return link;
    const { binding } = link;
    const trail = [...unit.trail, name];
    const isModule = binding.path.length === 0;
    this.addOwner(found.value, link, trail);
    for (const { path } of uses) {
      const [key] = path;
      // The members of what a module exports may be accessors that do something.
      if (key === undefined || !isModule || typeof found.value !== 'object' || found.value === null) continue;
      const member = { ...link, binding: { ...binding, path: [...binding.path, key] } };
      this.addOwner(Reflect.get(found.value, key), member, [...trail, key]);
    }
    return link;
  }

  #add(known: KnownClass, owner: Link | undefined, trail: Trail): void {
    const before = this.#nodes.get(known);
    if (before !== undefined) before.owner ??= owner;
    if (this.#nodes.has(known)) return;
    // Following encode and decode may meet the class again.
    this.#nodes.set(known, undefined);
    const { name, encode, decode } = known.how;
    if (owner?.kind === 'unit' && this.#registersItself(owner, encode as AnyFunction)) return;
    const link = (fn: unknown, key: string): Link =>
      this.#valueLink(fn, [...trail, `registerClass ${name}`, key]);
    this.#nodes.set(known, {
      name,
      owner,
      encode: link(encode, 'encode'),
      decode: link(decode, 'decode'),
    });
  }

  /** A class that is registered in a static block of its own registers each copy of itself. */
  #registersItself({ unit }: Extract<Link, { kind: 'unit' }>, encode: AnyFunction): boolean {
    const { variables } = this.#context;
    const { file, node } = unit.facts.place;
    if (!isClassNode(node) || !isWrittenHere(variables, encode)) return false;
    const place = placeOfFunction(encode, variables.site(encode), unit.trail);
    if (place.file !== file) return false;
    const blocks = node.body.body.filter((member) => member.type === 'StaticBlock');
    return blocks.some((block) => block.start <= place.node.start && place.node.end <= block.end);
  }
}

/** Whether a function is code of the user, which can travel by itself. */
export function isOwnCode(fn: AnyFunction): boolean {
  try {
    return isWrittenHere(new Variables(), fn);
  } finally {
    inspector().rest();
  }
}

function isWrittenHere(variables: Variables, fn: AnyFunction): boolean {
  const site = variables.site(fn);
  const url = site && scriptUrl(site.scriptId);
  return url !== undefined && !isForeign(url);
}
