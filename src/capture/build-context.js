/** What data held when it was first captured. */
export class Snapshots {
  #members = new Map();
  #groups = new Map();
  #known = new Map();
  #exports = [];
  member(object, key) {
    const members = this.#members.get(object) ?? new Map();
    this.#members.set(object, members);
    if (!members.has(key)) members.set(key, Reflect.get(object, key));
    return members.get(key);
  }
  /** Exports of modules are variables: they are read as they are now. */
  exported(module, key) {
    const value = Reflect.get(module, key);
    this.#exports.push({ module, key, value });
    return value;
  }
  haveExportsChanged() {
    return this.#exports.some(({ module, key, value }) => !Object.is(Reflect.get(module, key), value));
  }
  forgetExports() {
    this.#exports.length = 0;
  }
  group(roots, encode) {
    const known = this.#groups.get(roots[0]);
    const isSame =
      known?.roots.length === roots.length && known.roots.every((root, index) => root === roots[index]);
    const group = isSame && known !== undefined ? known : encode();
    this.#groups.set(roots[0], group);
    return group;
  }
  known(value, ask) {
    if (!this.#known.has(value)) this.#known.set(value, ask());
    return this.#known.get(value);
  }
}
//# sourceMappingURL=build-context.js.map
