import { PipeError } from '../errors.ts';
import { unknownName } from '../util/index.ts';
import type { BuildContext } from './build-context.ts';
import { constValue } from './const-value.ts';
import type { DataObjects, ModuleExports } from './data-objects.ts';
import { type FreeName, isCell } from './free-names.ts';
import type { FunctionFacts } from './function-facts.ts';
import { checkGlobalMembers, globalModuleLink } from './global-members.ts';
import type { KnownClasses } from './known-classes.ts';
import { isCode, isFlagged, isWholeModule } from './import-kinds.ts';
import { isMadeBy } from './import-table.ts';
import type { Use } from './member-uses.ts';
import type { CellNode, Link, PartRoot, UnitNode } from './nodes.ts';
import { exportedVariable, ownModule } from './own-modules.ts';
import { originOf } from './packages.ts';
import { refusal, type Trail } from './refusal.ts';
import { isEntry, type SourceFile } from './source-file.ts';
import type { Variable as SyntaxVariable } from './syntax.ts';

interface Surroundings {
  readonly root: PartRoot;
  readonly context: BuildContext;
  readonly objects: DataObjects;
  readonly classes: KnownClasses;
}

/** What the names in the functions of an island refer to. */
export class NameLinks {
  readonly #root: PartRoot;
  readonly #context: BuildContext;
  readonly #objects: DataObjects;
  readonly #classes: KnownClasses;
  readonly #cells = new Map<SyntaxVariable, CellNode>();
  /** What was imported from own modules of which it cannot be told which script they are. */
  readonly #untraced: { readonly link: Link; readonly trail: Trail }[] = [];
  readonly #names = new Set<string>();

  constructor({ root, context, objects, classes }: Surroundings) {
    this.#root = root;
    this.#context = context;
    this.#objects = objects;
    this.#classes = classes;
  }

  /** Undefined for what every process has by itself. */
  link(unit: UnitNode, free: FreeName): Link | undefined {
    return this.#givenLink(unit, free) ?? this.#linkOf(unit, free);
  }

  /** To be called when all names are linked: what only all of them together tell. */
  check(): void {
    this.#checkUntraced();
    this.#checkUses();
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
    const { uses, name } = this.#root;
    const unknown = Object.keys(uses).find((one) => !this.#names.has(one));
    if (unknown === undefined) return;
    throw new PipeError(
      'OPTION_INVALID',
      `uses: ${unknownName(`A variable (no import) of ${name} with the name`, unknown, this.#names)}`,
    );
  }

  /** Imports are by reference only: runners give them other names, so that the same script would mean others. */
  #givenLink({ trail }: UnitNode, { name, uses, isAssigned, binding }: FreeName): Link | undefined {
    if (binding !== undefined) return undefined;
    this.#names.add(name);
    const given = this.#root.uses;
    if (!Object.hasOwn(given, name)) return undefined;
    if (isAssigned) throw assignedInTask([...trail, name]);
    return this.#valueLink(given[name], uses, [...trail, name]);
  }

  #linkOf(unit: UnitNode, free: FreeName): Link | undefined {
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
      return this.#classes.addImported(unit, free, {
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
    return this.#objects.link(value, { uses, trail, module });
  }
}

function assignedInTask(trail: Trail): PipeError {
  return refusal(
    trail,
    'it is assigned in a task, and the script would not see that',
    'Return the value instead, or keep the variable in a module of its own',
  );
}
