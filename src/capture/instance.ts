import type { AnyFunction } from './any-function.ts';
import { PipeError } from '../errors.ts';
import { CELL_KEY } from './cell-edits.ts';
import { RESTORE_KEY } from './class-parts.ts';
import { KNOWN_TAG, LINK_TAG } from './placeholders.ts';
import type { LoadedClass, LoadedIsland, LoadOptions, ProgramPart } from './loaded-island.ts';
import { serviceFor } from './module-services.ts';
import type { Json } from './nodes.ts';
import { BARE_KEY, keyOfText, PARENT_KEY, PRIVATE_KEY } from './property-keys.ts';
import type { ClassText, IslandText, LinkText, UnitText } from './program-format.ts';

export interface InstanceContext extends Pick<LoadOptions, 'blobs' | 'decode'> {
  readonly revive: LoadOptions['revive'] | undefined;
  /** A program inside this one, by its number in the whole program. */
  readonly part: (number: number) => ProgramPart;
}

interface Unit {
  readonly text: UnitText;
  readonly link: (values: object) => void;
  readonly make: () => unknown;
  made: unknown;
  isStarted: boolean;
}

/** One copy of an island: its functions, its data and its variables. */
export class IslandInstance {
  readonly #island: IslandText;
  readonly #loaded: LoadedIsland;
  readonly #context: InstanceContext;
  readonly #units: readonly Unit[];
  readonly #holders: readonly object[];
  readonly #cells: readonly Record<typeof CELL_KEY, unknown>[];
  readonly #data = new Map<number, { readonly value: unknown }>();
  readonly #classes = new Map<string, LoadedClass['how']>();
  /** Names whose values wait until all that decodes instances is there. */
  #isLate: (link: LinkText) => boolean = () => false;

  constructor(loaded: LoadedIsland, context: InstanceContext) {
    this.#loaded = loaded;
    this.#island = loaded.placed.island;
    this.#context = context;
    this.#units = this.#island.units.map((text, number) => newUnit(text, loaded.makers[number]));
    this.#holders = this.#island.holders.map(({ array }) => (array ? [] : {}));
    this.#cells = this.#island.cells.map(() => ({ [CELL_KEY]: undefined }));
  }

  root(): AnyFunction {
    const [unit] = this.#units;
    const fn = unit && this.#made(unit);
    if (typeof fn !== 'function') throw malformed('its first unit is no function');
    const { receiver } = this.#island;
    return receiver === undefined ? fn : boundTo(fn, this.#value(receiver));
  }

  /** Functions are there from the beginning; classes and data are made in the order in which they need each other. */
  build(): void {
    if (this.#island.classes !== undefined) this.#startWithoutInstances();
    this.#island.holders.forEach(({ members }, number) => {
      for (const [key, link] of members) this.#defineMember(this.#holders[number] as object, key, link);
    });
    this.#island.cells.forEach((link, number) => {
      (this.#cells[number] as Record<typeof CELL_KEY, unknown>)[CELL_KEY] = this.#value(link);
    });
    for (const unit of this.#units) this.#start(unit);
    for (const unit of this.#units) this.#finish(unit);
  }

  /** The classes whose instances travel with what uses this island. */
  classes(): readonly LoadedClass[] {
    return (this.#island.classes ?? []).map((text) => ({
      owner: text.owner && (this.#value(text.owner) as AnyFunction),
      how: this.#how(text),
    }));
  }

  #how({ name, encode, decode }: ClassText): LoadedClass['how'] {
    const known = this.#classes.get(name);
    if (known !== undefined) return known;
    const functionOf = (link: LinkText) => this.#value(link) as (value: unknown) => unknown;
    const how = { name, encode: functionOf(encode), decode: functionOf(decode) };
    this.#classes.set(name, how);
    return how;
  }

  /** What decodes instances has to be complete before data with instances is decoded. */
  #startWithoutInstances(): void {
    this.#isLate = (link) => 'd' in link && at(this.#island.data, link.d).text.includes('{"$":"class ');
    for (const unit of this.#units) this.#made(unit);
    this.#isLate = () => false;
  }

  /** Makes a class with what it needs at once, or links a function, before something else runs it. */
  #start(unit: Unit): void {
    if (unit.isStarted) return;
    unit.isStarted = true;
    const { kind, links, first = [] } = unit.text;
    if (kind === 'class') {
      unit.link(this.#values(links.filter(([name]) => first.includes(name))));
      unit.made = unit.make();
      keepName(unit);
    }
    unit.link(this.#values(links.filter(([, link]) => !this.#isLate(link))));
  }

  #finish(unit: Unit): void {
    const { links, own = [], proto = [] } = unit.text;
    unit.link(this.#values(links));
    const made = this.#made(unit) as AnyFunction;
    const { prototype }: { readonly prototype?: unknown } = made;
    const privates = own.filter(([key]) => key.startsWith(PRIVATE_KEY));
    if (privates.length > 0)
      restore(
        made,
        privates.map(([, link]) => this.#value(link)),
      );
    for (const [key, link] of own) {
      if (!key.startsWith(PRIVATE_KEY)) addTo(made, key, this.#value(link));
    }
    for (const [key, link] of proto) addTo(prototype as object, key, this.#value(link), false);
  }

  #values(links: UnitText['links']): object {
    return Object.fromEntries(links.map(([name, link]) => [name, this.#value(link)]));
  }

  #made(unit: Unit): unknown {
    if (unit.text.kind === 'class') {
      this.#start(unit);
    } else if (unit.made === undefined) {
      unit.made = unit.make();
      keepName(unit);
      this.#start(unit);
    }
    return unit.made;
  }

  #value(link: LinkText): unknown {
    if ('v' in link) return link.v;
    if ('u' in link) return this.#made(at(this.#units, link.u));
    if ('d' in link) return this.#dataValue(link.d, link.at);
    if ('h' in link) return at(this.#holders, link.h);
    if ('c' in link) return at(this.#cells, link.c);
    if ('i' in link) return this.#imported(link.i);
    if ('g' in link)
      return link.g.reduce<unknown>((value, key) => Reflect.get(Object(value), key), globalThis);
    if ('s' in link) return serviceFor(link.s, this.#island.files[link.f] ?? null);
    return this.#context.part(at(this.#loaded.placed.parts, link.p));
  }

  #imported(number: number): unknown {
    const loaded = at(this.#loaded.imports, number);
    if ('error' in loaded) throw loaded.error;
    return loaded.value;
  }

  #dataValue(number: number, root: number | undefined): unknown {
    const known = this.#data.get(number);
    const value = known === undefined ? this.#decode(number) : known.value;
    return root === undefined ? value : at(value as readonly unknown[], root);
  }

  #decode(number: number): unknown {
    const { text, blobs, links } = at(this.#island.data, number);
    const revive = (tag: string, body: Json): unknown => {
      if (tag === LINK_TAG) return this.#value(at(links, body as number));
      if (tag === KNOWN_TAG) return this.#known(body as unknown as KnownBody, links);
      throw malformed(`it holds a value of the unknown kind ${tag}`);
    };
    const own = blobs.map((blob) => at(this.#context.blobs, at(this.#loaded.placed.blobs, blob)));
    const classes = (name: string): LoadedClass['how'] | undefined => {
      const known = this.#island.classes?.find((one) => one.name === name);
      return known && this.#how(known);
    };
    const value = this.#context.decode(text, { blobs: own, revive, classes });
    this.#data.set(number, { value });
    return value;
  }

  #known({ tag, body, parts }: KnownBody, links: readonly LinkText[]): unknown {
    const { revive } = this.#context;
    if (revive === undefined) throw malformed(`it holds a value of the kind ${tag}, which nobody here knows`);
    return revive(
      tag,
      body,
      parts.map((part) => this.#value(at(links, part)) as ProgramPart),
    );
  }

  /** A member that is a variable of a module stays one. */
  #defineMember(holder: object, key: string, link: LinkText): void {
    if (!('c' in link)) {
      Reflect.set(holder, key, this.#value(link));
      return;
    }
    const cell = at(this.#cells, link.c);
    const get = () => cell[CELL_KEY];
    const set = (value: unknown) => {
      cell[CELL_KEY] = value;
    };
    Object.defineProperty(holder, key, { get, set, enumerable: true, configurable: true });
  }
}

interface KnownBody {
  readonly tag: string;
  readonly body: Json;
  readonly parts: readonly number[];
}

function newUnit(text: UnitText, maker: LoadedIsland['makers'][number] | undefined): Unit {
  if (maker === undefined) throw malformed('a unit is missing');
  const [link, make] = maker();
  return { text, link, make, made: undefined, isStarted: false };
}

// As expressions of their own, functions have no name, or the key of a method.
function keepName({ made, text }: Unit): void {
  const property = Object.getOwnPropertyDescriptor(made, 'name');
  if (property === undefined || !('value' in property) || property.value === text.name) return;
  if (typeof property.value === 'string')
    Object.defineProperty(made, 'name', { ...property, value: text.name });
}

/** Gives private fields their values. */
function restore(made: object, values: readonly unknown[]): void {
  const set: unknown = Reflect.get(made, RESTORE_KEY);
  if (typeof set !== 'function') throw malformed('a class does not let its private fields be set');
  Reflect.deleteProperty(made, RESTORE_KEY);
  set(values);
}

function addTo(target: object, key: string, value: unknown, enumerable = true): void {
  if (key === PARENT_KEY) {
    Object.setPrototypeOf(
      target,
      (typeof target === 'function' ? value : Reflect.get(Object(value), 'prototype')) as object,
    );
  } else if (key === BARE_KEY) Reflect.deleteProperty(target, 'constructor');
  else define(target, keyOfText(key), value, enumerable);
}

function define(target: object, key: PropertyKey, value: unknown, enumerable: boolean): void {
  Object.defineProperty(target, key, { value, enumerable, writable: true, configurable: true });
}

function boundTo(fn: AnyFunction, receiver: unknown): AnyFunction {
  const bound: AnyFunction = fn.bind(receiver);
  return Object.defineProperty(bound, 'name', { value: fn.name, configurable: true });
}

function at<Item>(items: readonly Item[], index: number): Item {
  const item = items[index];
  if (item === undefined) throw malformed(`it names number ${index} of ${items.length}`);
  return item;
}

function malformed(what: string): PipeError {
  return new PipeError('PROGRAM_NOT_READABLE', `A stored function cannot be made: ${what}. Call it again.`);
}
