import { Snapshots } from './build-context.ts';
import { changedData } from './changes.ts';
import { inspector } from './inspector.ts';
import { Island } from './island.ts';
import { writeIsland } from './island-text.ts';
import { assembleProgram } from './program.ts';
import { Secrets } from './secrets.ts';
import { SizeLimit } from './sizes.ts';
import { Variables } from './variables.ts';
/** Captures a function, with all that it refers to, when `program()` is first called. */
export function captureFunction(fn, name, hooks) {
  return new FunctionCapture({ fn, name, receiver: hooks.receiver }, hooks);
}
class FunctionCapture {
  #hooks;
  #roots = new Map();
  #root;
  #snapshots = new Snapshots();
  #variables = new Variables();
  #islands = new Map();
  #program;
  constructor(root, hooks) {
    this.#hooks = hooks;
    this.#root = root;
    this.#roots.set(root.fn, root);
  }
  program() {
    if (this.#program !== undefined && !this.#haveVariablesChanged()) return this.#program;
    try {
      this.#snapshots.forgetExports();
      this.#program = this.#build(this.#snapshots);
      return this.#program;
    } catch (cause) {
      // What was read may be what was wrong, for instance a const that is not initialised yet.
      this.#variables = new Variables();
      this.#program = undefined;
      throw cause;
    } finally {
      inspector().rest();
    }
  }
  verifyUnchanged() {
    const before = this.#islands;
    if (this.#program === undefined) return;
    const isOnlyCode = [...before.values()].every((island) => island.objects.isEmpty);
    if (isOnlyCode) return;
    try {
      this.#build(new Snapshots());
      const change = changedData([...before.values()], [...this.#islands.values()]);
      if (change !== undefined) throw change;
    } finally {
      this.#islands = before;
      inspector().rest();
    }
  }
  #build(snapshots) {
    this.#islands = new Map();
    const context = {
      hooks: this.#hooks,
      variables: this.#variables,
      snapshots,
      secrets: new Secrets(process.env),
      foreseen: new SizeLimit(),
      sizes: new SizeLimit(),
      part: (fn, name, receiver) => this.#part(fn, name, receiver),
    };
    return assembleProgram(this.#root, (root) => this.#write(root, context));
  }
  #write(root, context) {
    const island = new Island(root, context);
    this.#islands.set(root, island);
    return writeIsland(island);
  }
  #part(fn, name, receiver) {
    const root = this.#roots.get(fn) ?? { fn, name, receiver };
    this.#roots.set(fn, root);
    return root;
  }
  #haveVariablesChanged() {
    const rewritten = [...this.#islands.values()].flatMap((island) => [...island.rewrittenNames()]);
    const changed = rewritten.filter(({ fn, names }) => this.#variables.refresh(fn, names));
    return changed.length > 0 || this.#snapshots.haveExportsChanged();
  }
}
//# sourceMappingURL=capture.js.map
