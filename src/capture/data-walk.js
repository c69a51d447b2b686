import { types } from 'node:util';
import { memberTrail } from './refusal.ts';
/** Visits everything in a plain value (arrays, plain objects, maps and sets) without running any of its code. */
export function walkData(root, trail, visitor) {
  const steps = [{ value: root, above: undefined, key: '' }];
  for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
    const current = step;
    const shown = () => trailOf(current, trail);
    const { value } = current;
    if (typeof value === 'string') visitor.string(value, shown);
    const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function';
    if (!isObject || !visitor.object(value, shown)) continue;
    for (const [key, member] of membersOf(value)) {
      if (isVisible(member)) steps.push({ value: member, above: current, key });
    }
  }
}
function isVisible(value) {
  return (
    typeof value === 'string' || typeof value === 'function' || (typeof value === 'object' && value !== null)
  );
}
function* membersOf(value) {
  if (value instanceof Map) {
    for (const [key, member] of value) {
      yield ['key', key];
      yield [String(isVisible(key) && typeof key !== 'string' ? 'value' : key), member];
    }
  } else if (value instanceof Set) {
    for (const member of value) yield ['item', member];
  } else if (isPlain(value)) {
    for (const key of Object.keys(value)) yield [key, Object.getOwnPropertyDescriptor(value, key)?.value];
  }
}
/** Arrays and objects made by literals. Whether anything else can travel, and how, is for the codec to say. */
export function isPlain(value) {
  if (types.isProxy(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null || prototype === Array.prototype;
}
function trailOf(step, trail) {
  return step.above === undefined ? trail : memberTrail(trailOf(step.above, trail), step.key);
}
//# sourceMappingURL=data-walk.js.map
