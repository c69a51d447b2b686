import { types } from 'node:util';
import { memberTrail, type Trail } from './refusal.ts';

/** What a walk over a value meets. */
export interface DataVisitor {
  /** Whether to look inside. `place` is where it was met; undefined for the root. */
  readonly object: (value: object, trail: () => Trail, place: DataPlace | undefined) => boolean;
  readonly string: (value: string, trail: () => Trail) => void;
}

export interface DataPlace {
  readonly holder: unknown;
  readonly key: string;
}

interface Step {
  readonly value: unknown;
  readonly above: Step | undefined;
  readonly key: string;
  readonly depth: number;
}

// The codec refuses what is deeper than 1,000, and tells where.
const DEEPEST = 1001;

/** Visits everything in a value (plain ones, maps, sets, views and errors) without running any of its code. */
export function walkData(root: unknown, trail: Trail, visitor: DataVisitor): void {
  const steps: Step[] = [{ value: root, above: undefined, key: '', depth: 0 }];
  for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
    const current = step;
    const shown = (): Trail => trailOf(current, trail);
    const { value } = current;
    if (typeof value === 'string') visitor.string(value, shown);
    const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function';
    if (!isObject || current.depth > DEEPEST) continue;
    const place = current.above && { holder: current.above.value, key: current.key };
    if (!visitor.object(value, shown, place)) continue;
    for (const [key, member] of membersOf(value)) {
      if (isVisible(member)) steps.push({ value: member, above: current, key, depth: current.depth + 1 });
      if (isPlain(value) && !Array.isArray(value)) visitor.string(key, shown);
    }
  }
}

function isVisible(value: unknown): boolean {
  return (
    typeof value === 'string' || typeof value === 'function' || (typeof value === 'object' && value !== null)
  );
}

function* membersOf(value: object): Iterable<readonly [string, unknown]> {
  if (types.isMap(value)) {
    for (const [key, member] of value) {
      yield ['key', key];
      yield [String(isVisible(key) && typeof key !== 'string' ? 'value' : key), member];
    }
  } else if (types.isSet(value)) {
    for (const member of value) yield ['item', member];
  } else if (isPlain(value)) {
    for (const key of Object.keys(value)) yield [key, Object.getOwnPropertyDescriptor(value, key)?.value];
  } else if (ArrayBuffer.isView(value)) {
    if (!isPooled(value)) yield ['buffer', value.buffer];
  } else if (types.isNativeError(value)) {
    // Also what cannot be enumerated: `cause` and `errors`.
    for (const key of Object.getOwnPropertyNames(value))
      yield [key, Object.getOwnPropertyDescriptor(value, key)?.value];
  }
}

/** Node puts small Buffers that have nothing to do with each other into one memory. */
function isPooled(view: ArrayBufferView): boolean {
  // Node 26 makes it some bytes larger than it says.
  const spare = view.buffer.byteLength - Buffer.poolSize;
  return Buffer.isBuffer(view) && spare >= 0 && spare < 1024;
}

/** Arrays and objects made by literals. Whether anything else can travel, and how, is for the codec to say. */
export function isPlain(value: object): boolean {
  if (types.isProxy(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null || prototype === Array.prototype) return true;
  return isRoot(Array.isArray(value) ? Object.getPrototypeOf(prototype) : prototype);
}

/** `Object.prototype`, also that of another context. */
export function isRoot(value: unknown): boolean {
  if (value === Object.prototype) return true;
  const isObject = typeof value === 'object' && value !== null;
  return isObject && Object.getPrototypeOf(value) === null && Object.hasOwn(value, 'hasOwnProperty');
}

function trailOf(step: Step, trail: Trail): Trail {
  return step.above === undefined ? trail : memberTrail(trailOf(step.above, trail), step.key);
}
