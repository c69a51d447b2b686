import type { AnyFunction } from './any-function.ts';
import { memberTrail, shownTrail, type Trail } from './refusal.ts';

/** A member that a capture followed, and what it held. */
export interface WatchedMember {
  readonly holder: object;
  readonly key: PropertyKey;
  readonly value: unknown;
  readonly trail: Trail;
}

/** What a member held and holds now; objects may still be equal. */
export interface MemberChange {
  readonly trail: string;
  readonly from: unknown;
  readonly to: unknown;
}

interface WatchedHolder {
  readonly holder: object;
  readonly trail: Trail;
  readonly keyCount: number;
}

/** The members that a capture followed on objects, functions, classes and prototypes, to see cheaply that they stay. */
export class WatchedMembers {
  readonly #members: WatchedMember[] = [];
  readonly #holders: WatchedHolder[] = [];

  add(member: WatchedMember): void {
    this.#members.push(member);
  }

  /** A function or class with all it holds: what it inherits to its instances, too. */
  addFunction(fn: AnyFunction, trail: Trail): void {
    this.#addHolder(fn, trail);
    const prototype: unknown = Object.getOwnPropertyDescriptor(fn, 'prototype')?.value;
    if (typeof prototype === 'object' && prototype !== null)
      this.#addHolder(prototype, memberTrail(trail, 'prototype'));
  }

  /** The first member that holds something else now. */
  change(): MemberChange | undefined {
    for (const { holder, key, value, trail } of this.#members) {
      const now = held(holder, key);
      if (!Object.is(now, value)) return { trail: shownTrail(trail), from: value, to: now };
    }
    const grown = this.#holders.find(({ holder, keyCount }) => keyCount !== Reflect.ownKeys(holder).length);
    return grown && this.#addedTo(grown);
  }

  /** The first function that another one stands for in a later capture. */
  changeFrom(before: WatchedMembers): MemberChange | undefined {
    const later = new Map(this.#members.map(({ trail, value }) => [shownTrail(trail), value]));
    for (const { trail, value } of before.#members) {
      const shown = shownTrail(trail);
      const now = later.get(shown);
      if (isFunction(value) !== isFunction(now) || (isFunction(value) && value !== now))
        return { trail: shown, from: value, to: now };
    }
    return undefined;
  }

  #addHolder(holder: object, trail: Trail): void {
    this.#holders.push({ holder, trail, keyCount: Reflect.ownKeys(holder).length });
    for (const key of Reflect.ownKeys(holder)) {
      if (STANDARD.has(key)) continue;
      const shown = memberTrail(trail, typeof key === 'symbol' ? key.toString() : key);
      this.add({ holder, key, value: held(holder, key), trail: shown });
    }
  }

  #addedTo({ holder, trail }: WatchedHolder): MemberChange | undefined {
    const known = new Set(this.#members.filter((member) => member.holder === holder).map(({ key }) => key));
    const key = Reflect.ownKeys(holder).find((name) => !known.has(name) && !STANDARD.has(name));
    if (key === undefined) return undefined;
    return { trail: shownTrail(memberTrail(trail, String(key))), from: undefined, to: held(holder, key) };
  }
}

const STANDARD: ReadonlySet<PropertyKey> = new Set([
  'length',
  'name',
  'prototype',
  'arguments',
  'caller',
  'constructor',
]);

/** What a member holds, without running a getter: the getter itself counts. */
function held(holder: object, key: PropertyKey): unknown {
  const property = Object.getOwnPropertyDescriptor(holder, key);
  return property?.get ?? property?.set ?? property?.value;
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function';
}
