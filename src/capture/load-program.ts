import type { AnyFunction } from './any-function.ts';
import { hash } from 'node:crypto';
import vm from 'node:vm';
import { type ImportBinding, registerImports } from './import-table.ts';
import { loadImport } from './imports.ts';
import type { LoadedClass, LoadedIsland, LoadOptions } from './loaded-island.ts';
import { IslandInstance, type InstanceContext } from './instance.ts';
import { checkModules } from './module-check.ts';
import { type FoundPackage, packageUse } from './packages.ts';
import { rerooted } from './program.ts';
import {
  type IslandText,
  parseProgram,
  type PlacedIsland,
  type ProgramText,
  type UnitText,
} from './program-format.ts';
import { registerPositions, scriptName } from './stack-map.ts';
import { type UnitMaker, unitScript } from './unit-script.ts';

/** A function that was captured, ready to be made. */
export interface LoadedProgram {
  /**
   * The function, with its own copy of all data it refers to. What has no data to change is made only once.
   *
   * @throws `PROGRAM_NOT_READABLE` when something that it imports is not there.
   */
  instantiate(): AnyFunction;
  /** A copy that is its own, whether or not it has data, with the classes whose instances travel with it. */
  newInstance(): LoadedInstance;
  /** Whether `instantiate` gives the same function each time. */
  readonly isShared: boolean;
  /** The file of the function; undefined where it was written at a prompt. */
  readonly file: string | undefined;
  /** The packages it imports, as this process finds them. */
  readonly packages: readonly FoundPackage[];
}

/** A function that was made from a program. */
export interface LoadedInstance {
  readonly fn: AnyFunction;
  readonly classes: readonly LoadedClass[];
}

/**
 * Compiles a captured function and loads what it imports.
 *
 * @throws `MODULE_CHANGED` when an own module that it loads here is not what it was at the call.
 */
export async function loadProgram(text: string, options: LoadOptions): Promise<LoadedProgram> {
  const program = parseProgram(text);
  const id = options.key ?? hash('sha256', text).slice(0, 16);
  const islands = await Promise.all(
    program.islands.map((placed, number) => loadIsland(placed, `${id}.${number}`)),
  );
  return new CompiledProgram(program, islands, options);
}

async function loadIsland(placed: PlacedIsland, id: string): Promise<LoadedIsland> {
  const { units, imports, files, data, cells, holders } = placed.island;
  checkModules(placed.island);
  registerPositions(id, placed.island);
  const makers = units.map((unit, number) => {
    const script = scriptName(`${id}.${number}`, placed.island, unit);
    registerImports(script, importsOf(unit, placed.island));
    return compile(unit, script);
  });
  const loaded = await Promise.all(imports.map((text) => loadImport(text, files[text.file] ?? null)));
  const keepsNothing =
    data.length + cells.length + holders.length === 0 && !units.some((unit) => unit.keeps === true);
  return { placed, makers, imports: loaded, isShared: keepsNothing };
}

function importsOf({ links }: UnitText, { imports }: IslandText): ReadonlyMap<string, ImportBinding> {
  return new Map(
    links.flatMap(([name, link]) => {
      const found = 'i' in link ? imports[link.i] : undefined;
      if (found === undefined) return [];
      const { file: _place, ...binding } = found;
      return [[name, binding] as const];
    }),
  );
}

function foundPackages({ about, imports, files }: IslandText): readonly FoundPackage[] {
  return about.packages.map(({ specifier, name, version }) => {
    const text = imports.find((one) => one.specifier === specifier);
    const file = (text && files[text.file]) ?? undefined;
    return { name, recorded: version, found: packageUse(specifier, file).version };
  });
}

function compile(unit: UnitText, filename: string): UnitMaker {
  const { kind, strict, text, links, at, map } = unit;
  const { code, prefix } = unitScript({ kind, isStrict: strict, text, names: links.map(([name]) => name) });
  const [line, column] = map === undefined ? at : [0, 0];
  const script = new vm.Script(code, { filename, lineOffset: line, columnOffset: column - prefix });
  return script.runInThisContext() as UnitMaker;
}

class CompiledProgram implements LoadedProgram {
  readonly isShared: boolean;
  readonly file: string | undefined;
  readonly packages: readonly FoundPackage[];
  readonly #program: ProgramText;
  readonly #islands: readonly LoadedIsland[];
  readonly #options: LoadOptions;
  #shared: AnyFunction | undefined;

  constructor(program: ProgramText, islands: readonly LoadedIsland[], options: LoadOptions) {
    this.#program = program;
    this.#islands = islands;
    this.#options = options;
    this.isShared = islands.every((island) => island.isShared);
    this.file = program.islands[0]?.island.about.file ?? undefined;
    this.packages = program.islands.flatMap(({ island }) => foundPackages(island));
  }

  instantiate(): AnyFunction {
    if (this.#shared !== undefined) return this.#shared;
    const { fn } = this.newInstance();
    if (this.isShared) this.#shared = fn;
    return fn;
  }

  newInstance(): LoadedInstance {
    const instances = new Map<number, IslandInstance>();
    const instanceOf = (number: number): IslandInstance => {
      const known = instances.get(number);
      if (known !== undefined) return known;
      const context = this.#context((part) => instanceOf(part).root());
      const instance = new IslandInstance(this.#islands[number] as LoadedIsland, context);
      instances.set(number, instance);
      instance.build();
      return instance;
    };
    const root = instanceOf(0);
    return { fn: root.root(), classes: root.classes() };
  }

  #context(functionOf: (island: number) => AnyFunction): InstanceContext {
    const { blobs, decode, revive } = this.#options;
    return {
      blobs,
      decode,
      revive,
      part: (number) => ({
        fn: () => functionOf(number),
        program: () => rerooted(this.#program, number, blobs),
      }),
    };
  }
}
