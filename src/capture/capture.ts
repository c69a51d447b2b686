import type { AnyFunction } from './any-function.ts';
import { type BuildContext, Snapshots } from './build-context.ts';
import { changedData, changedMember } from './changes.ts';
import type { CaptureHooks, KnownFunction } from './hooks.ts';
import { inspector } from './inspector.ts';
import { Island } from './island.ts';
import { type WrittenIsland, writeIsland } from './island-text.ts';
import type { PartRoot } from './nodes.ts';
import { assembleProgram, type Program } from './program.ts';
import { Secrets } from './secrets.ts';
import { SizeLimit } from './sizes.ts';
import { Variables } from './variables.ts';
import { WatchedMembers } from './watched.ts';

/** A function of this process, and what it refers to. */
export interface Capture {
  /**
   * The function as of now. Variables that are written more than once are read again at every call, objects are
   * what they were when they were first met; without such variables all calls give the same program.
   *
   * @throws `CAPTURE_REFUSED`, `CAPTURE_SECRET` and `CAPTURE_TOO_LARGE`, naming the way to what cannot travel;
   * `CAPTURE_UNAVAILABLE` when Node's inspector does not answer; `CAPTURE_CHANGED` when a member of an object, a
   * function, a class or a prototype that it refers to is not what it was when it was first met; `OPTION_INVALID` for
   * a name among `uses` that nothing refers to.
   */
  program(): Program;
  /** @throws `CAPTURE_CHANGED` when an object, a function or a class holds something else than when it was first met. */
  verifyUnchanged(): void;
}

/** Captures a function, with all that it refers to, when `program()` is first called. */
export function captureFunction(fn: AnyFunction, name: string, hooks: CaptureHooks): Capture {
  const { receiver, uses = {}, madeFor } = hooks;
  return new FunctionCapture({ fn, name, receiver, uses, madeFor }, hooks);
}

/** What has to be read again at every call: found out once for a program, since most have none. */
interface ReadAgain {
  readonly rewritten: readonly { readonly fn: AnyFunction; readonly names: readonly string[] }[];
  readonly classes: readonly AnyFunction[];
}

function readAgain(islands: readonly Island[]): ReadAgain {
  return {
    rewritten: islands.flatMap((island) => [...island.rewrittenNames()]),
    classes: islands.flatMap((island) => island.classesWithPrivateFields()),
  };
}

class FunctionCapture implements Capture {
  readonly #hooks: CaptureHooks;
  readonly #roots: PartRoot[] = [];
  readonly #root: PartRoot;
  readonly #snapshots = new Snapshots();
  #variables = new Variables();
  #islands = new Map<PartRoot, Island>();
  #watched = new WatchedMembers();
  #program: Program | undefined;
  #readAgain: ReadAgain = { rewritten: [], classes: [] };

  constructor(root: PartRoot, hooks: CaptureHooks) {
    this.#hooks = hooks;
    this.#root = root;
    this.#roots.push(root);
  }

  program(): Program {
    // The program holds what was first met, and the caller means what is there now.
    if (this.#watched.change() !== undefined) this.verifyUnchanged();
    if (this.#program !== undefined && !this.#haveVariablesChanged()) return this.#program;
    try {
      this.#snapshots.forgetExports();
      this.#program = this.#build(this.#snapshots);
      this.#readAgain = readAgain([...this.#islands.values()]);
      return this.#program;
    } catch (cause) {
      // What was read may be what was wrong, for instance a const that is not initialised yet.
      this.#variables = new Variables();
      this.#program = undefined;
      this.#watched = new WatchedMembers();
      throw cause;
    } finally {
      inspector().rest();
    }
  }

  verifyUnchanged(): void {
    if (this.#program === undefined) return;
    const change = this.#watched.change();
    const error = change && changedMember(change);
    if (error !== undefined) throw error;
    const isOnlyCode = [...this.#islands.values()].every((island) => island.objects.isEmpty);
    if (isOnlyCode && change === undefined) return;
    this.#compareData();
  }

  /** Reads everything once more. */
  #compareData(): void {
    const before = { islands: this.#islands, watched: this.#watched };
    try {
      this.#build(new Snapshots(this.#snapshots));
      const functions = this.#watched.changeFrom(before.watched);
      const error =
        (functions && changedMember(functions)) ??
        changedData([...before.islands.values()], [...this.#islands.values()]);
      if (error !== undefined) throw error;
    } catch (cause) {
      this.#watched = before.watched;
      throw cause;
    } finally {
      // What was put in the place of something equal is watched from now on.
      this.#islands = before.islands;
      inspector().rest();
    }
  }

  #build(snapshots: Snapshots): Program {
    this.#islands = new Map();
    this.#watched = new WatchedMembers();
    const context: BuildContext = {
      hooks: this.#hooks,
      variables: this.#variables,
      snapshots,
      watched: this.#watched,
      secrets: new Secrets(process.env),
      foreseen: new SizeLimit(),
      sizes: new SizeLimit(),
      part: (known) => this.#part(known),
    };
    return assembleProgram(this.#root, (root) => this.#write(root, context));
  }

  #write(root: PartRoot, context: BuildContext): WrittenIsland {
    const island = new Island(root, context);
    this.#islands.set(root, island);
    return writeIsland(island);
  }

  #part({ fn, name, receiver, uses = {} }: KnownFunction): PartRoot {
    const known = this.#roots.find((root) => root.fn === fn && root.name === name);
    const root = known ?? { fn, name, receiver, uses };
    if (known === undefined) this.#roots.push(root);
    return root;
  }

  #haveVariablesChanged(): boolean {
    const { rewritten, classes } = this.#readAgain;
    const changed = rewritten.filter(({ fn, names }) => this.#variables.refresh(fn, names));
    const changedClasses = classes.filter((fn) => this.#variables.refreshPrivateFields(fn));
    return changed.length + changedClasses.length > 0 || this.#snapshots.haveExportsChanged();
  }
}
