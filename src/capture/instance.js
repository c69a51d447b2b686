import { PipeError } from '../errors.ts';
import { CELL_KEY } from './cell-edits.ts';
import { KNOWN_TAG, LINK_TAG } from './placeholders.ts';
import { serviceFor } from './module-services.ts';
/** One copy of an island: its functions, its data and its variables. */
export class IslandInstance {
  #island;
  #loaded;
  #context;
  #units;
  #holders;
  #cells;
  #data = new Map();
  constructor(loaded, context) {
    this.#loaded = loaded;
    this.#island = loaded.placed.island;
    this.#context = context;
    this.#units = this.#island.units.map((text, number) => newUnit(text, loaded.makers[number]));
    this.#holders = this.#island.holders.map(({ array }) => (array ? [] : {}));
    this.#cells = this.#island.cells.map(() => ({ [CELL_KEY]: undefined }));
  }
  root() {
    const [unit] = this.#units;
    const fn = unit && this.#made(unit);
    if (typeof fn !== 'function') throw malformed('its first unit is no function');
    const { receiver } = this.#island;
    return receiver === undefined ? fn : boundTo(fn, this.#value(receiver));
  }
  /** Functions are there from the beginning; classes and data are made in the order in which they need each other. */
  build() {
    this.#island.holders.forEach(({ members }, number) => {
      for (const [key, link] of members) this.#defineMember(this.#holders[number], key, link);
    });
    this.#island.cells.forEach((link, number) => {
      this.#cells[number][CELL_KEY] = this.#value(link);
    });
    for (const unit of this.#units) this.#start(unit);
    for (const unit of this.#units) this.#finish(unit);
  }
  /** Makes a class with what it needs at once, or links a function, before something else runs it. */
  #start(unit) {
    if (unit.isStarted) return;
    unit.isStarted = true;
    const { kind, links, first = [] } = unit.text;
    if (kind === 'class') {
      unit.link(this.#values(links.filter(([name]) => first.includes(name))));
      unit.made = unit.make();
      keepName(unit);
    }
    unit.link(this.#values(links));
  }
  #finish(unit) {
    const { links, own = [], proto = [] } = unit.text;
    unit.link(this.#values(links));
    const made = this.#made(unit);
    for (const [key, link] of own) define(made, key, this.#value(link));
    for (const [key, link] of proto) define(made.prototype, key, this.#value(link), false);
  }
  #values(links) {
    return Object.fromEntries(links.map(([name, link]) => [name, this.#value(link)]));
  }
  #made(unit) {
    if (unit.text.kind === 'class') {
      this.#start(unit);
    } else if (unit.made === undefined) {
      unit.made = unit.make();
      keepName(unit);
      this.#start(unit);
    }
    return unit.made;
  }
  #value(link) {
    if ('v' in link) return link.v;
    if ('u' in link) return this.#made(at(this.#units, link.u));
    if ('d' in link) return this.#dataValue(link.d, link.at);
    if ('h' in link) return at(this.#holders, link.h);
    if ('c' in link) return at(this.#cells, link.c);
    if ('i' in link) return this.#imported(link.i);
    if ('g' in link) return link.g.reduce((value, key) => Reflect.get(Object(value), key), globalThis);
    if ('s' in link) return serviceFor(link.s, this.#island.files[link.f] ?? null);
    return this.#context.part(at(this.#loaded.placed.parts, link.p));
  }
  #imported(number) {
    const loaded = at(this.#loaded.imports, number);
    if ('error' in loaded) throw loaded.error;
    return loaded.value;
  }
  #dataValue(number, root) {
    const known = this.#data.get(number);
    const value = known === undefined ? this.#decode(number) : known.value;
    return root === undefined ? value : at(value, root);
  }
  #decode(number) {
    const { text, blobs, links } = at(this.#island.data, number);
    const revive = (tag, body) => {
      if (tag === LINK_TAG) return this.#value(at(links, body));
      if (tag === KNOWN_TAG) return this.#known(body, links);
      throw malformed(`it holds a value of the unknown kind ${tag}`);
    };
    const own = blobs.map((blob) => at(this.#context.blobs, at(this.#loaded.placed.blobs, blob)));
    const value = this.#context.decode(text, { blobs: own, revive });
    this.#data.set(number, { value });
    return value;
  }
  #known({ tag, body, parts }, links) {
    const { revive } = this.#context;
    if (revive === undefined) throw malformed(`it holds a value of the kind ${tag}, which nobody here knows`);
    return revive(
      tag,
      body,
      parts.map((part) => this.#value(at(links, part))),
    );
  }
  /** A member that is a variable of a module stays one. */
  #defineMember(holder, key, link) {
    if (!('c' in link)) {
      Reflect.set(holder, key, this.#value(link));
      return;
    }
    const cell = at(this.#cells, link.c);
    const get = () => cell[CELL_KEY];
    const set = (value) => {
      cell[CELL_KEY] = value;
    };
    Object.defineProperty(holder, key, { get, set, enumerable: true, configurable: true });
  }
}
function newUnit(text, maker) {
  if (maker === undefined) throw malformed('a unit is missing');
  const [link, make] = maker();
  return { text, link, make, made: undefined, isStarted: false };
}
// As expressions of their own, functions have no name, or the key of a method.
function keepName({ made, text }) {
  const property = Object.getOwnPropertyDescriptor(made, 'name');
  if (property === undefined || !('value' in property) || property.value === text.name) return;
  if (typeof property.value === 'string')
    Object.defineProperty(made, 'name', { ...property, value: text.name });
}
function define(target, key, value, enumerable = true) {
  Object.defineProperty(target, key, { value, enumerable, writable: true, configurable: true });
}
function boundTo(fn, receiver) {
  const bound = fn.bind(receiver);
  return Object.defineProperty(bound, 'name', { value: fn.name, configurable: true });
}
function at(items, index) {
  const item = items[index];
  if (item === undefined) throw malformed(`it names number ${index} of ${items.length}`);
  return item;
}
function malformed(what) {
  return new PipeError('PROGRAM_NOT_READABLE', `A stored function cannot be made: ${what}. Call it again.`);
}
//# sourceMappingURL=instance.js.map
