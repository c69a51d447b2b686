import { types } from 'node:util';
import type { AnyFunction } from './any-function.ts';
import type { BuildContext } from './build-context.ts';
import { SUPER } from './class-parts.ts';
import { DataObjects } from './data-objects.ts';
import { functionFacts } from './function-facts.ts';
import { KnownClasses } from './known-classes.ts';
import { loadedModules } from './loaded-modules.ts';
import { nativeLink } from './native-links.ts';
import { isFlagged } from './import-kinds.ts';
import { importOfExpression } from './import-table.ts';
import { NameLinks } from './name-links.ts';
import type { Link, PartRoot, UnitNode } from './nodes.ts';
import { packageLink } from './package-links.ts';
import { isForeign, originOf } from './packages.ts';
import { placeOfFunction } from './place.ts';
import { BARE_KEY, PARENT_KEY, PRIVATE_KEY } from './property-keys.ts';
import { inheritanceOf } from './prototypes.ts';
import { memberTrail, refusal, type Trail } from './refusal.ts';
import { scriptUrl } from './source-file.ts';
import { checkText } from './text-checks.ts';
import { ownProperties, prototypeProperties } from './unit-properties.ts';

/** All that one function reaches, without the functions of apps inside it, which are islands of their own. */
export class Island {
  readonly root: PartRoot;
  readonly rootUnit: UnitNode;
  readonly receiver: Link | undefined;
  readonly objects: DataObjects;
  readonly classes: KnownClasses;
  readonly #context: BuildContext;
  readonly #units = new Map<AnyFunction, UnitNode>();
  readonly #waiting: UnitNode[] = [];
  readonly #names: NameLinks;

  constructor(root: PartRoot, context: BuildContext) {
    this.root = root;
    this.#context = context;
    this.objects = new DataObjects(context, {
      functionLink: (fn, trail) => this.functionLink(fn, trail),
      onClass: (known, trail) => this.classes.add(known, trail),
    });
    this.classes = new KnownClasses(context, (value, trail) => this.#valueLink(value, trail));
    this.#names = new NameLinks({ root, context, objects: this.objects, classes: this.classes });
    this.rootUnit = this.#rootUnit();
    this.receiver = this.#receiver();
    if (root.madeFor !== undefined) this.classes.add(root.madeFor, [root.name]);
    this.#explore();
    this.#names.check();
  }

  /** Functions with the names in them whose values have to be read again. */
  *rewrittenNames(): Iterable<{ readonly fn: AnyFunction; readonly names: readonly string[] }> {
    for (const { fn, facts } of this.#units.values()) {
      const names = facts.names.filter((free) => free.isRewritten).map(({ name }) => name);
      if (names.length > 0) yield { fn, names };
    }
  }

  /** Classes that keep values in private static fields, which have to be read again too. */
  classesWithPrivateFields(): readonly AnyFunction[] {
    const units = [...this.#units.values()];
    return units.flatMap(({ fn, facts }) => (facts.classParts?.privateFields.length ? [fn] : []));
  }

  functionLink(fn: AnyFunction, trail: Trail): Link {
    const unit = this.#units.get(fn);
    if (unit !== undefined) return { kind: 'unit', unit };
    if (types.isProxy(fn))
      throw refusal(trail, 'a Proxy cannot travel to a worker', 'Use the function behind it');
    const site = this.#context.variables.site(fn);
    const url = site && scriptUrl(site.scriptId);
    if (url === undefined || isForeign(url)) return this.#foreignLink(fn, url, trail);
    return { kind: 'unit', unit: this.#newUnit(fn, trail) };
  }

  #foreignLink(fn: AnyFunction, url: string | undefined, trail: Trail): Link {
    const { variables } = this.#context;
    const isOfPackage = url !== undefined && !url.startsWith('node:');
    const link = isOfPackage ? packageLink(fn, url, { units: this.#units.values(), variables }) : undefined;
    return link ?? nativeLink(fn, url, trail);
  }

  // The root is captured by its code even where it is known, as the function of an app is.
  #rootUnit(): UnitNode {
    const { fn, name } = this.root;
    const link = this.functionLink(fn, [name]);
    if (link.kind === 'unit') return link.unit;
    throw refusal([name], 'it is no function of the script', 'Write a function that calls it, and use that');
  }

  #receiver(): Link | undefined {
    const { facts, trail } = this.rootUnit;
    if (!facts.usesThis || facts.kind === 'class') return undefined;
    const { receiver } = this.root;
    if (typeof receiver !== 'function') {
      throw refusal(trail, 'it uses `this`, which a task does not have', 'Use names of variables instead');
    }
    return this.#valueLink(receiver, [...trail, 'this']);
  }

  #newUnit(fn: AnyFunction, trail: Trail): UnitNode {
    const ofText = functionFacts(placeOfFunction(fn, this.#context.variables.site(fn), trail));
    checkText(ofText, trail);
    const facts = { ...ofText, imports: [] };
    const unit = { fn, trail, facts, links: new Map(), properties: new Map(), members: new Map() };
    this.#units.set(fn, unit);
    this.#waiting.push(unit);
    this.classes.addOwner(fn, { kind: 'unit', unit }, trail);
    return unit;
  }

  /** Encoding may meet functions in values that only the codec can look into, so both go on until nothing is new. */
  #explore(): void {
    do {
      for (let unit = this.#waiting.shift(); unit !== undefined; unit = this.#waiting.shift())
        this.#link(unit);
      this.objects.encode();
    } while (this.#waiting.length > 0);
  }

  #link(unit: UnitNode): void {
    const { facts, fn, trail, links } = unit;
    for (const free of facts.names) {
      const link = this.#names.link(unit, free);
      if (link !== undefined) links.set(free.name, link);
    }
    for (const [name, service] of facts.services) {
      links.set(name, { kind: 'service', service, file: facts.place.file });
    }
    facts.imports.push(...loadedModules(unit));
    const heritage = this.#heritageLink(unit);
    if (heritage !== undefined) links.set(SUPER, heritage);
    this.#context.watched.addFunction(fn, trail);
    this.#linkMembers(unit);
  }

  /** What a function or class holds that its text does not give it. */
  #linkMembers(unit: UnitNode): void {
    const { facts, fn, trail } = unit;
    for (const { key, value } of ownProperties(fn, facts, trail)) {
      unit.properties.set(key, this.#valueLink(value, [...trail, key]));
    }
    for (const { key, value } of prototypeProperties(fn, facts, trail)) {
      unit.members.set(key, this.#valueLink(value, [...trail, `prototype.${key}`]));
    }
    for (const name of facts.classParts?.privateFields ?? []) {
      const value = this.#context.variables.privateFields(fn).get(name);
      unit.properties.set(PRIVATE_KEY + name, this.#valueLink(value, memberTrail(trail, name)));
    }
    const { parent, prototypeParent, isBare } = inheritanceOf(fn, facts, trail);
    if (parent) unit.properties.set(PARENT_KEY, this.#valueLink(parent, [...trail, parent.name]));
    if (prototypeParent) {
      const shown = [...trail, prototypeParent.name];
      unit.members.set(PARENT_KEY, this.#valueLink(prototypeParent, shown));
    }
    if (isBare) unit.members.set(BARE_KEY, { kind: 'inline', value: true });
  }

  #heritageLink({ facts, fn, trail }: UnitNode): Link | undefined {
    const heritage = facts.classParts?.heritage;
    if (heritage === undefined) return undefined;
    const { file } = facts.place;
    const binding = importOfExpression(heritage, file);
    const isForeignClass = binding !== undefined && originOf(binding.specifier, file.path) !== 'own';
    if (isForeignClass) return { kind: 'import', binding, file, isFlagged: isFlagged(binding, undefined) };
    const parent: unknown = Object.getPrototypeOf(fn);
    return this.#valueLink(parent, [...trail, parent instanceof Function ? parent.name : 'extends']);
  }

  #valueLink(value: unknown, trail: Trail): Link {
    return this.objects.link(value, { uses: [], trail });
  }
}
