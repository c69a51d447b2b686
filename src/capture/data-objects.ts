import { types } from 'node:util';
import type { AnyFunction } from './any-function.ts';
import type { BuildContext, WalkRecord } from './build-context.ts';
import { type DataPlace, isPlain, walkData } from './data-walk.ts';
import { type FunctionLink, GroupEncoder, type GroupLinks, knownValue } from './group-encoder.ts';
import { symbolPath } from './intrinsics.ts';
import type { Use } from './member-uses.ts';
import { wellKnownLink } from './native-links.ts';
import type { DataGroup, Link, ObjectEntry } from './nodes.ts';
import { memberTrail, refusal, shownTrail, type Trail } from './refusal.ts';

export interface UsedValue {
  readonly uses: readonly Use[];
  readonly trail: Trail;
  /** The value stands for a module: its exports are read one by one. */
  readonly module?: ModuleExports | undefined;
}

/** Encoded data, and where it was encoded by itself the group that it is. */
export interface Content {
  readonly text: string;
  readonly group?: DataGroup;
}

/** What a module's exports are besides values: variables that its functions assign. */
export interface ModuleExports {
  readonly variableLink: (key: string, value: unknown, trail: Trail) => Link | undefined;
}

/** The values that an island refers to. What is reached in two ways is one object in a worker too. */
export class DataObjects {
  readonly #context: BuildContext;
  readonly #functionLink: FunctionLink;
  readonly #encoder: GroupEncoder;
  readonly #entries = new Map<object, ObjectEntry>();
  /** The root in whose data an object is. */
  readonly #owners = new Map<object, ObjectEntry>();
  readonly #single = new Map<unknown, DataGroup>();

  constructor(context: BuildContext, links: GroupLinks) {
    this.#context = context;
    this.#functionLink = links.functionLink;
    this.#encoder = new GroupEncoder(context, links);
  }

  /** What stands for a value that a name, a member or a property holds. */
  link(value: unknown, used: UsedValue): Link {
    if (typeof value === 'string') this.#checkString(value, () => used.trail);
    if (isInline(value)) return { kind: 'inline', value };
    const symbol = typeof value === 'symbol' ? symbolPath(value) : undefined;
    if (symbol !== undefined) return { kind: 'global', path: symbol };
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null)
      return this.#singleLink(value, used.trail);
    if (knownValue(this.#context, value, used.trail) !== undefined)
      return this.#singleLink(value, used.trail);
    if (typeof value === 'function') return this.#functionLink(value, used.trail);
    if (types.isProxy(value))
      throw refusal(used.trail, 'a Proxy cannot travel to a worker', 'Use the object behind it');
    return wellKnownLink(value) ?? this.#objectLink(value, used);
  }

  /** Encodes what was met and is not encoded yet. */
  encode(): void {
    const groups = new Set(this.#single.values());
    for (const { group } of this.#entries.values()) if (group !== undefined) groups.add(group);
    for (const group of groups) if (group.encoded === undefined) this.#encoder.encode(group);
  }

  get isEmpty(): boolean {
    return this.#entries.size === 0 && this.#single.size === 0;
  }

  /** The texts of all data, by the way to it. */
  *contents(): Iterable<readonly [trail: string, content: Content]> {
    for (const { members, trail, group } of this.#entries.values()) {
      for (const [key, link] of members) {
        const isInline = group === undefined && link.kind === 'inline';
        if (isInline) yield [shownTrail(memberTrail(trail, key)), { text: JSON.stringify(link.value) }];
      }
      if (group?.encoded !== undefined) yield [shownTrail(group.trail), { text: group.encoded.text, group }];
    }
    for (const group of this.#single.values())
      if (group.encoded !== undefined) yield [shownTrail(group.trail), { text: group.encoded.text, group }];
  }

  #objectLink(value: object, { uses, trail, module }: UsedValue): Link {
    const isNamespace = (module !== undefined || types.isModuleNamespaceObject(value)) && isModuleLike(value);
    const entry = this.#entry(value, trail, isNamespace);
    const paths = uses.map((use) => wantedPath(use, isNamespace));
    const owner = this.#owners.get(value);
    if (owner !== undefined || entry.group !== undefined) this.#addRoot(entry, owner);
    else if (isNamespace) {
      this.#addExports(entry, uses.length === 0 ? [[]] : paths, module);
      entry.isHandedOn ||= uses.length === 0 || uses.some(({ path }) => path.length === 0);
      noteWritten(entry, uses);
    } else if (paths.length > 0 && paths.every((path) => isMemberPath(value, path))) {
      for (const path of paths) this.#addMember(entry, path);
    } else this.#takeWhole(entry);
    return { kind: 'object', entry };
  }

  #entry(value: object, trail: Trail, isModule: boolean): ObjectEntry {
    const known = this.#entries.get(value);
    if (known !== undefined) return known;
    const entry: ObjectEntry = {
      value,
      trail,
      isModule,
      group: undefined,
      members: new Map(),
      written: new Map(),
      isHandedOn: false,
    };
    this.#entries.set(value, entry);
    return entry;
  }

  #addExports(entry: ObjectEntry, paths: readonly (readonly string[])[], module?: ModuleExports): void {
    for (const path of paths) {
      const keys = path[0] === undefined ? Object.keys(entry.value) : [path[0]];
      for (const key of keys) {
        const value = this.#context.snapshots.exported(entry.value, key);
        const variable = module?.variableLink(key, value, memberTrail(entry.trail, key));
        if (variable !== undefined) entry.members.set(key, variable);
        else this.#setMember(entry, key, value, path.slice(1));
      }
    }
  }

  #addMember(entry: ObjectEntry, path: readonly string[]): void {
    const [key, ...rest] = path;
    if (key === undefined) return;
    const value = this.#context.snapshots.member(entry.value, key);
    this.#context.watched.add({ holder: entry.value, key, value, trail: memberTrail(entry.trail, key) });
    this.#setMember(entry, key, value, rest);
  }

  #setMember(entry: ObjectEntry, key: string, value: unknown, rest: readonly string[]): void {
    const uses = rest.length === 0 ? [] : [{ path: rest, isCalled: false, isWritten: false }];
    const trail = memberTrail(entry.trail, key);
    entry.members.set(key, this.link(value, { uses, trail }));
  }

  #takeWhole(entry: ObjectEntry): void {
    const group: DataGroup = { trail: entry.trail, roots: [entry.value], links: [], encoded: undefined };
    entry.group = group;
    this.#walk(entry);
  }

  /** Something that is inside other data, or whole already, is named by itself too. */
  #addRoot(entry: ObjectEntry, owner: ObjectEntry | undefined): void {
    const group = owner?.group ?? entry.group;
    if (group === undefined || group.roots.includes(entry.value)) return;
    group.roots.push(entry.value);
    group.encoded = undefined;
    entry.group = group;
  }

  /** Large data is walked once: what it holds counts as it was then. */
  #walk(entry: ObjectEntry): void {
    const { foreseen, snapshots } = this.#context;
    const known = snapshots.walk(entry.value);
    if (known === undefined) {
      const met = this.#walkAnew(entry);
      if (met !== undefined) snapshots.keepWalk(entry.value, met);
      return;
    }
    foreseen.add(known.bytes, () => entry.trail);
    for (const { value, trail, place } of known.functions) {
      if (place !== undefined) this.#watchFunction(value, trail, place);
      if (knownValue(this.#context, value, trail) === undefined) this.#functionLink(value, trail);
    }
    for (const value of known.objects) this.#own(value, entry);
  }

  /** What was met, unless some of it belongs to other data, which is not looked into again. */
  #walkAnew(entry: ObjectEntry): WalkRecord | undefined {
    const met: WalkRecord = { objects: [], functions: [], bytes: 0 };
    const { foreseen } = this.#context;
    const before = foreseen.bytes;
    let isWhole = true;
    const object = (value: object, trail: () => Trail, place: DataPlace | undefined): boolean => {
      if (isFunction(value)) met.functions.push({ value, trail: trail(), place });
      if (typeof value === 'function' && place !== undefined) this.#watchFunction(value, trail(), place);
      if (knownValue(this.#context, value, trail()) !== undefined) return false;
      if (isFunction(value)) this.#functionLink(value, trail());
      if (typeof value === 'function' || types.isProxy(value)) return false;
      if (ArrayBuffer.isView(value)) foreseen.add(value.byteLength, trail);
      const isNew = this.#own(value, entry);
      isWhole &&= isNew || this.#owners.get(value) === entry;
      if (isNew) met.objects.push(value);
      return isNew;
    };
    walkData(entry.value, entry.trail, { object, string: (value, trail) => this.#checkString(value, trail) });
    met.bytes = foreseen.bytes - before;
    return isWhole ? met : undefined;
  }

  /** What else data holds is compared before the insert: all of it is too much to look at in each call. */
  #watchFunction(value: object, trail: Trail, { holder, key }: DataPlace): void {
    const isMember = typeof holder === 'object' && holder !== null && isPlain(holder);
    if (isMember) this.#context.watched.add({ holder, key, value, trail });
  }

  /** Whether the object was met for the first time. Data that shares an object becomes one group. */
  #own(value: object, entry: ObjectEntry): boolean {
    const owner = this.#owners.get(value);
    if (owner !== undefined) {
      this.#merge(entry, owner);
      return false;
    }
    this.#owners.set(value, entry);
    const inner = this.#entries.get(value);
    if (inner !== undefined && inner !== entry) this.#addRoot(inner, entry);
    return true;
  }

  #merge(entry: ObjectEntry, owner: ObjectEntry): void {
    const from = entry.group;
    const into = owner.group;
    if (from === undefined || into === undefined || from === into) return;
    into.encoded = undefined;
    into.roots.push(...from.roots);
    for (const one of this.#entries.values()) if (one.group === from) one.group = into;
  }

  #singleLink(value: unknown, trail: Trail): Link {
    const group = this.#single.get(value) ?? { trail, roots: [value], links: [], encoded: undefined };
    this.#single.set(value, group);
    return { kind: 'data', group };
  }

  #checkString(value: string, trail: () => Trail): void {
    this.#context.secrets.check(value, trail);
    this.#context.foreseen.add(value.length, trail);
  }
}

function isFunction(value: object): value is AnyFunction {
  return typeof value === 'function';
}

function isInline(value: unknown): value is null | boolean | number | string {
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0);
  return value === null || typeof value === 'boolean' || typeof value === 'string';
}

/** The members that have to travel for a use of a value; none when it has to travel as a whole. */
function wantedPath({ path, isCalled, isWritten }: Use, isModule: boolean): readonly string[] {
  if (isWritten) return isModule ? path.slice(0, 1) : [];
  // A method gets the object it is called on; an export does not care.
  return isCalled && !(isModule && path.length === 1) ? path.slice(0, -1) : path;
}

/** An export that functions assign without a variable behind it: `exports.count++` of compilers. */
function noteWritten({ members, trail, written }: ObjectEntry, uses: readonly Use[]): void {
  for (const { isWritten, path } of uses) {
    const [key] = path;
    const initial = key === undefined ? undefined : members.get(key);
    const isCell = initial === undefined || initial.kind === 'cell';
    if (isWritten && path.length === 1 && key !== undefined && !isCell) written.set(key, { trail, initial });
  }
}

/** Whether a path begins with an own data property of a plain object or array; `link` looks at the rest of it. */
function isMemberPath(value: object, [key]: readonly string[]): boolean {
  if (key === undefined || !isPlain(value)) return false;
  const property = Object.getOwnPropertyDescriptor(value, key);
  return property !== undefined && 'value' in property;
}

// What a module exports can also be one function, an instance or an array; these are values like any other.
function isModuleLike(value: object): boolean {
  return types.isModuleNamespaceObject(value) || (isPlain(value) && !Array.isArray(value));
}
