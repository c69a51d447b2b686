import { isStandardGlobal } from './intrinsics.ts';
import { inspector } from './inspector.ts';
/** What the functions of one capture see around them, as of the last reading. */
export class Variables {
  #sites = new Map();
  site(fn) {
    if (!this.#sites.has(fn)) this.#sites.set(fn, inspector().site(fn));
    return this.#sites.get(fn);
  }
  value(fn, name) {
    const scope = this.site(fn)?.scopes.find((one) => Object.hasOwn(one, name));
    if (scope === undefined) return globalVariable(name);
    try {
      return { state: 'set', value: Reflect.get(scope, name) };
    } catch {
      // The engine's answer for a const or class whose declaration was not reached.
      return { state: 'uninitialised' };
    }
  }
  /** Reads again what a function sees. True if one of the names has another value now. */
  refresh(fn, names) {
    const before = names.map((name) => this.value(fn, name));
    this.#sites.delete(fn);
    return names.some((name, index) => !sameVariable(before[index], this.value(fn, name)));
  }
}
/** What a plain script or a REPL declares is a property of the global object, as is what modules put there. */
function globalVariable(name) {
  if (!Object.hasOwn(globalThis, name) || isStandardGlobal(name)) return { state: 'unknown' };
  return { state: 'set', value: Reflect.get(globalThis, name) };
}
function sameVariable(a, b) {
  if (a?.state === 'set' && b.state === 'set') return Object.is(a.value, b.value);
  return a?.state === b.state;
}
//# sourceMappingURL=variables.js.map
