import { hash } from 'node:crypto';
import vm from 'node:vm';
import { loadImport } from './imports.ts';
import { IslandInstance } from './instance.ts';
import { rerooted } from './program.ts';
import { parseProgram } from './program-format.ts';
import { registerPositions, scriptName } from './stack-map.ts';
import { unitScript } from './unit-script.ts';
/** Compiles a captured function and loads what it imports. */
export async function loadProgram(text, options) {
  const program = parseProgram(text);
  const id = hash('sha256', text).slice(0, 16);
  const islands = await Promise.all(
    program.islands.map((placed, number) => loadIsland(placed, `${id}.${number}`)),
  );
  return new CompiledProgram(program, islands, options);
}
async function loadIsland(placed, id) {
  const { units, imports, files, data, cells, holders } = placed.island;
  registerPositions(id, placed.island);
  const makers = units.map((unit, number) =>
    compile(unit, scriptName(`${id}.${number}`, placed.island, unit)),
  );
  const loaded = await Promise.all(imports.map((text) => loadImport(text, files[text.file] ?? null)));
  const keepsNothing =
    data.length + cells.length + holders.length === 0 && !units.some((unit) => unit.keeps === true);
  return { placed, makers, imports: loaded, isShared: keepsNothing };
}
function compile(unit, filename) {
  const { kind, strict, text, links, at, map } = unit;
  const { code, prefix } = unitScript({ kind, isStrict: strict, text, names: links.map(([name]) => name) });
  const [line, column] = map === undefined ? at : [0, 0];
  const script = new vm.Script(code, { filename, lineOffset: line, columnOffset: column - prefix });
  return script.runInThisContext();
}
class CompiledProgram {
  isShared;
  #program;
  #islands;
  #options;
  #shared;
  constructor(program, islands, options) {
    this.#program = program;
    this.#islands = islands;
    this.#options = options;
    this.isShared = islands.every((island) => island.isShared);
  }
  instantiate() {
    if (this.#shared !== undefined) return this.#shared;
    const fn = this.#instance()(0);
    if (this.isShared) this.#shared = fn;
    return fn;
  }
  /** Functions of islands by their numbers, in one copy of the program. */
  #instance() {
    const instances = new Map();
    const functionOf = (number) => {
      const known = instances.get(number);
      if (known !== undefined) return known.root();
      const instance = new IslandInstance(this.#islands[number], this.#context(functionOf));
      instances.set(number, instance);
      instance.build();
      return instance.root();
    };
    return functionOf;
  }
  #context(functionOf) {
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
//# sourceMappingURL=load-program.js.map
