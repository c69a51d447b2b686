import { PipeError } from '../errors.ts';
import type { Island } from './island.ts';
import type { DataGroup, Link } from './nodes.ts';
import { memberTrail, shownTrail } from './refusal.ts';
import type { MemberChange } from './watched.ts';

/** The error for a member that holds something else; undefined where only its content can tell. */
export function changedMember({ trail, from, to }: MemberChange): PipeError | undefined {
  if (isObject(from) && isObject(to)) return undefined;
  return changeError(trail, shownValue(from), shownValue(to));
}

/** The error for data that is not what it was, or undefined. */
export function changedData(before: readonly Island[], now: readonly Island[]): PipeError | undefined {
  for (const [index, island] of before.entries()) {
    const later = new Map(now[index]?.objects.contents());
    for (const [trail, { text, group }] of island.objects.contents()) {
      const found = later.get(trail);
      if (found?.text !== text) return textError(trail, text, found?.text ?? 'nothing');
      if (group !== undefined && !isSameGroup(group, found.group))
        return changeError(trail, 'what it held', 'something else');
    }
  }
  return undefined;
}

/** Whether what the text does not hold is the same: functions, and the bytes of large arrays. */
function isSameGroup(group: DataGroup, other: DataGroup | undefined): boolean {
  const blobs = other?.encoded?.blobs ?? [];
  return (
    group.encoded?.key === other?.encoded?.key &&
    (group.encoded?.blobs ?? []).every(
      (blob, index) => Buffer.compare(blob, blobs[index] ?? NOTHING) === 0,
    ) &&
    group.links.every((link, index) => functionOf(link) === functionOf(other?.links[index]))
  );
}

const NOTHING = new Uint8Array();

function functionOf(link: Link | undefined): unknown {
  return link?.kind === 'unit' ? link.unit.fn : link?.kind === 'part' ? link.root.fn : undefined;
}

function textError(trail: string, before: string, now: string): PipeError {
  const { path, from, to } = firstDifference(before, now);
  return changeError(`${trail}${path}`, from, to);
}

function changeError(trail: string, from: string, to: string): PipeError {
  return new PipeError(
    'CAPTURE_CHANGED',
    `${trail} ${from} → ${to}: it changed after the function was first called, which took it as it was then. Where it is to change, pass it as an argument.`,
  );
}

interface Difference {
  readonly path: string;
  readonly from: string;
  readonly to: string;
}

/** Where two encoded texts differ first. They are JSON, and plain for plain values. */
function firstDifference(before: string, now: string): Difference {
  try {
    return difference(JSON.parse(before), JSON.parse(now), '');
  } catch {
    return { path: '', from: shown(before), to: shown(now) };
  }
}

function difference(before: unknown, now: unknown, path: string): Difference {
  if (isObject(before) && isObject(now) && Array.isArray(before) === Array.isArray(now)) {
    const tag = tagOf(before);
    if (tag !== tagOf(now)) return { path, from: shownNode(before), to: shownNode(now) };
    if (tag === 'Map') return mapDifference(bodyOf(before), bodyOf(now), path);
    if (tag !== undefined) return bodyDifference(before, now, path);
    for (const key of new Set([...Object.keys(before), ...Object.keys(now)])) {
      const one = Reflect.get(before, key);
      const other = Reflect.get(now, key);
      if (isSame(one, other)) continue;
      return difference(one, other, `${path}${shownTrail(memberTrail([], key))}`);
    }
  }
  return { path, from: shownNode(before), to: shownNode(now) };
}

/** Keys and values stand in pairs. */
function mapDifference(before: readonly unknown[], now: readonly unknown[], path: string): Difference {
  const index = before.findIndex((pair, at) => !isSame(pair, now[at]));
  const [key, one] = asList(before[index === -1 ? before.length : index]);
  const [otherKey, other] = asList(now[index === -1 ? before.length : index]);
  const shownKey = `${path}.get(${shownNode(key ?? otherKey)})`;
  const isOtherKey = key !== undefined && otherKey !== undefined && !isSame(key, otherKey);
  return isOtherKey
    ? { path, from: shownNode(key), to: shownNode(otherKey) }
    : difference(one, other, shownKey);
}

/** The items of a set and the inside of other values have no name that a user would know. */
function bodyDifference(before: object, now: object, path: string): Difference {
  const [one, other] = [Reflect.get(before, 'v'), Reflect.get(now, 'v')];
  if (!isObject(one) || !isObject(other)) return { path, from: shownNode(one), to: shownNode(other) };
  const { from, to } = difference(one, other, '');
  return { path, from, to };
}

function tagOf(node: object): string | undefined {
  const tag: unknown = Reflect.get(node, '$');
  return typeof tag === 'string' ? tag : undefined;
}

function bodyOf(node: object): readonly unknown[] {
  return asList(Reflect.get(node, 'v'));
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** A node of an encoded text; of a tagged one, what it holds. */
function shownNode(node: unknown): string {
  const body: unknown = isObject(node) && tagOf(node) !== undefined ? Reflect.get(node, 'v') : node;
  return shown(JSON.stringify(body));
}

function shownValue(value: unknown): string {
  if (typeof value === 'function') return value.name === '' ? 'a function' : `the function ${value.name}`;
  if (isObject(value)) return Array.isArray(value) ? 'an array' : 'an object';
  return value === undefined
    ? 'nothing'
    : shown(typeof value === 'string' ? JSON.stringify(value) : String(value));
}

function shown(text: string | undefined): string {
  if (text === undefined) return 'nothing';
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
