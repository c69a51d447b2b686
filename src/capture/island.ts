import { types } from 'node:util';
import { PipeError } from '../errors.ts';
import { unknownName } from '../util/index.ts';
import type { AnyFunction } from './any-function.ts';
import type { BuildContext } from './build-context.ts';
import { SUPER } from './class-parts.ts';
import { constValue } from './const-value.ts';
import { DataObjects, type ModuleExports } from './data-objects.ts';
import { type FreeName, isCell } from './free-names.ts';
import { type FunctionFacts, functionFacts } from './function-facts.ts';
import { checkGlobalMembers, globalModuleLink } from './global-members.ts';
import { KnownClasses } from './known-classes.ts';
import { loadedModules } from './loaded-modules.ts';
import { nativeLink } from './native-links.ts';
import { isCode, isFlagged, isWholeModule } from './import-kinds.ts';
import { importOfExpression, isMadeBy } from './import-table.ts';
import type { Use } from './member-uses.ts';
import type { CellNode, Link, PartRoot, UnitNode } from './nodes.ts';
import { exportedVariable, ownModule } from './own-modules.ts';
import { packageLink } from './package-links.ts';
import { isForeign, originOf } from './packages.ts';
import { placeOfFunction } from './place.ts';
import { BARE_KEY, PARENT_KEY, PRIVATE_KEY } from './property-keys.ts';
import { inheritanceOf } from './prototypes.ts';
import { memberTrail, refusal, type Trail } from './refusal.ts';
import { isEntry, scriptUrl, type SourceFile } from './source-file.ts';
import type { Variable as SyntaxVariable } from './syntax.ts';
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
  readonly #cells = new Map<SyntaxVariable, CellNode>();
  readonly #waiting: UnitNode[] = [];
  /** What was imported from own modules of which it cannot be told which script they are. */
  readonly #untraced: { readonly link: Link; readonly trail: Trail }[] = [];
  readonly #names = new Set<string>();

  constructor(root: PartRoot, context: BuildContext) {
    this.root = root;
    this.#context = context;
    this.objects = new DataObjects(context, {
      functionLink: (fn, trail) => this.functionLink(fn, trail),
      onClass: (known, trail) => this.classes.add(known, trail),
    });
    this.classes = new KnownClasses(context, (value, trail) => this.#valueLink(value, [], trail));
    this.rootUnit = this.#rootUnit();
    this.receiver = this.#receiver();
    if (root.madeFor !== undefined) this.classes.add(root.madeFor, [root.name]);
    this.#explore();
    this.#checkUntraced();
    this.#checkUses();
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
    return this.#valueLink(receiver, [], [...trail, 'this']);
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

  /** A value that may stand for a variable which functions of the task assign would not be seen to change. */
  #checkUntraced(): void {
    if (this.#cells.size === 0) return;
    const found = this.#untraced.find(({ link }) => !isCode(link));
    if (found === undefined) return;
    throw refusal(
      found.trail,
      'the module that it is imported from cannot be told, and functions of the task assign variables of modules',
      'Import it by the relative path of its file',
    );
  }

  /** A name that nothing refers to is a mistake that would go unnoticed. */
  #checkUses(): void {
    const { uses, name } = this.root;
    const unknown = Object.keys(uses).find((one) => !this.#names.has(one));
    if (unknown === undefined) return;
    throw new PipeError(
      'OPTION_INVALID',
      `uses: ${unknownName(`A variable (no import) of ${name} with the name`, unknown, this.#names)}`,
    );
  }

  #link(unit: UnitNode): void {
    const { facts, fn, trail, links } = unit;
    for (const free of facts.names) {
      const link = this.#givenLink(unit, free) ?? this.#nameLink(unit, free);
      if (link !== undefined) links.set(free.name, link);
    }
    for (const [name, service] of facts.services) {
      links.set(name, { kind: 'service', service, file: facts.place.file });
    }
    facts.imports.push(...loadedModules(unit));
    const heritage = this.#heritageLink(unit);
    if (heritage !== undefined) links.set(SUPER, heritage);
    this.#context.watched.addFunction(fn, trail);
    for (const { key, value } of ownProperties(fn, facts, trail)) {
      unit.properties.set(key, this.#valueLink(value, [], [...trail, key]));
    }
    for (const { key, value } of prototypeProperties(fn, facts, trail)) {
      unit.members.set(key, this.#valueLink(value, [], [...trail, `prototype.${key}`]));
    }
    for (const name of facts.classParts?.privateFields ?? []) {
      const value = this.#context.variables.privateFields(fn).get(name);
      unit.properties.set(PRIVATE_KEY + name, this.#valueLink(value, [], memberTrail(trail, name)));
    }
    const { parent, prototypeParent, isBare } = inheritanceOf(fn, facts, trail);
    if (parent) unit.properties.set(PARENT_KEY, this.#valueLink(parent, [], [...trail, parent.name]));
    if (prototypeParent) {
      const shown = [...trail, prototypeParent.name];
      unit.members.set(PARENT_KEY, this.#valueLink(prototypeParent, [], shown));
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
    return this.#valueLink(parent, [], [...trail, parent instanceof Function ? parent.name : 'extends']);
  }

  /** Imports are by reference only: runners give them other names, so that the same script would mean others. */
  #givenLink({ trail }: UnitNode, { name, uses, isAssigned, binding }: FreeName): Link | undefined {
    if (binding !== undefined) return undefined;
    this.#names.add(name);
    const given = this.root.uses;
    if (!Object.hasOwn(given, name)) return undefined;
    if (isAssigned) throw assignedInTask([...trail, name]);
    return this.#valueLink(given[name], uses, [...trail, name]);
  }

  #nameLink(unit: UnitNode, free: FreeName): Link | undefined {
    const { facts, fn } = unit;
    const { file } = facts.place;
    const trail = [...unit.trail, free.name];
    const found = this.#context.variables.value(fn, free.name);
    if (free.service !== undefined && found.state === 'set')
      return this.#serviceLink(facts, free, found.value, trail);
    if (free.variable === undefined && found.state === 'unknown') {
      checkGlobalMembers(free, trail);
      return globalModuleLink(free.name, file);
    }
    const { binding, variable } = free;
    if (binding !== undefined && originOf(binding.specifier, file.path) !== 'own')
      return this.classes.addImported(unit, free, {
        kind: 'import',
        binding,
        file,
        isFlagged: isFlagged(binding, found),
      });
    if (variable !== undefined && isMadeBy(variable, 'createRequire', file)) {
      return { kind: 'service', service: 'require', file };
    }
    if (found.state === 'uninitialised') {
      throw refusal(
        trail,
        'it is not initialised yet',
        'Call the function after the declaration of what it uses',
      );
    }
    if (found.state === 'unknown') {
      const known = variable && constValue(variable, file);
      if (known !== undefined) return this.#valueLink(known.value, [], trail);
      throw refusal(
        trail,
        'its value cannot be read',
        free.isNeededAtOnce ? 'Use it in a function of the script as well' : 'Pass it as an argument',
      );
    }
    if (free.cell !== undefined) return this.#cellLink(free.cell, found.value, trail);
    if (free.isAssigned) throw assignedInTask(trail);
    if (binding === undefined) return this.#valueLink(found.value, free.uses, trail);
    const own = ownModule(binding.specifier, file);
    const module = isWholeModule(binding, own) ? this.#moduleExports(own) : undefined;
    const link = this.#valueLink(found.value, free.uses, trail, module);
    if (own === undefined && !binding.specifier.endsWith('.json')) this.#untraced.push({ link, trail });
    return link;
  }

  #serviceLink(facts: FunctionFacts, free: FreeName, value: unknown, trail: Trail): Link {
    const { file } = facts.place;
    const { service } = free;
    if (service !== 'exports' && service !== 'module')
      return { kind: 'service', service: service ?? 'meta', file };
    if (isEntry(file) && free.uses.some((use) => use.isWritten)) {
      throw refusal(trail, 'an export of the script is assigned in a task', 'Return the value instead');
    }
    return this.#valueLink(value, free.uses, trail, this.#moduleExports(file));
  }

  /** Exports that functions of the module assign are variables that all functions of a task share. */
  #moduleExports(file: SourceFile | undefined): ModuleExports {
    return {
      variableLink: (key, value, trail) => {
        const found = file && exportedVariable(file, key);
        if (found === undefined || !isCell(found.variable, found.file)) return undefined;
        return this.#cellLink(found.variable, value, trail);
      },
    };
  }

  #cellLink(variable: SyntaxVariable, value: unknown, trail: Trail): Link {
    const known = this.#cells.get(variable);
    if (known !== undefined) return { kind: 'cell', cell: known };
    const cell: CellNode = { trail, initial: { kind: 'inline', value: null } };
    this.#cells.set(variable, cell);
    cell.initial = this.#valueLink(value, [], trail);
    return { kind: 'cell', cell };
  }

  #valueLink(value: unknown, uses: readonly Use[], trail: Trail, module?: ModuleExports): Link {
    return this.objects.link(value, { uses, trail, module });
  }
}

function assignedInTask(trail: Trail): PipeError {
  return refusal(
    trail,
    'it is assigned in a task, and the script would not see that',
    'Return the value instead, or keep the variable in a module of its own',
  );
}
