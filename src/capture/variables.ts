import type { AnyFunction } from './any-function.ts';
import { isStandardGlobal } from './intrinsics.ts';
import { type FunctionSite, inspector } from './inspector.ts';

/** The value of a variable, or why there is none. */
export type Variable =
  | { readonly state: 'set'; readonly value: unknown }
  | { readonly state: 'uninitialised' }
  | { readonly state: 'unknown' };

/** What the functions of one capture see around them, as of the last reading. */
export class Variables {
  readonly #sites = new Map<AnyFunction, FunctionSite | undefined>();
  readonly #privates = new Map<AnyFunction, ReadonlyMap<string, unknown>>();
  readonly #globals = new Map<string, Variable>();

  site(fn: AnyFunction): FunctionSite | undefined {
    if (!this.#sites.has(fn)) this.#sites.set(fn, inspector().site(fn));
    return this.#sites.get(fn);
  }

  value(fn: AnyFunction, name: string): Variable {
    const scope = this.site(fn)?.scopes.find((one) => Object.hasOwn(one, name));
    if (scope === undefined) return this.#global(name);
    try {
      return { state: 'set', value: Reflect.get(scope, name) };
    } catch {
      // The engine's answer for a const or class whose declaration was not reached.
      return { state: 'uninitialised' };
    }
  }

  /** Reads again what a function sees. True if one of the names has another value now. */
  refresh(fn: AnyFunction, names: readonly string[]): boolean {
    const before = names.map((name) => this.value(fn, name));
    this.#sites.delete(fn);
    for (const name of names) this.#globals.delete(name);
    return names.some((name, index) => !sameVariable(before[index], this.value(fn, name)));
  }

  /** The private static fields of a class. */
  privateFields(fn: AnyFunction): ReadonlyMap<string, unknown> {
    const known = this.#privates.get(fn) ?? inspector().privateFields(fn);
    this.#privates.set(fn, known);
    return known;
  }

  /** Reads them again. True if one has another value now. */
  refreshPrivateFields(fn: AnyFunction): boolean {
    const before = this.privateFields(fn);
    this.#privates.delete(fn);
    return [...this.privateFields(fn)].some(([name, value]) => !Object.is(before.get(name), value));
  }

  #global(name: string): Variable {
    const known = this.#globals.get(name) ?? globalVariable(name);
    this.#globals.set(name, known);
    return known;
  }
}

/** What a plain script or a REPL declares is a property of the global object, as is what modules put there. */
function globalVariable(name: string): Variable {
  if (!Object.hasOwn(globalThis, name) || isStandardGlobal(name)) return { state: 'unknown' };
  return { state: 'set', value: Reflect.get(globalThis, name) };
}

function sameVariable(a: Variable | undefined, b: Variable): boolean {
  if (a?.state === 'set' && b.state === 'set') return Object.is(a.value, b.value);
  return a?.state === b.state;
}
