import { refusal } from './refusal.ts';
const STANDARD = new Set(['length', 'name', 'prototype', 'arguments', 'caller']);
/** What a function or class holds that its text does not say: static fields, properties set later, decorated methods. */
export function ownProperties(fn, facts, trail) {
  const keys = Object.getOwnPropertyNames(fn).filter((key) => !STANDARD.has(key));
  return extraProperties(fn, keys, { texts: facts.classParts?.staticTexts, trail });
}
/** What the prototype holds that the text does not say. */
export function prototypeProperties(fn, facts, trail) {
  const prototype = Object.getOwnPropertyDescriptor(fn, 'prototype')?.value;
  if (typeof prototype !== 'object' || prototype === null) return [];
  const keys = Object.getOwnPropertyNames(prototype).filter((key) => key !== 'constructor');
  return extraProperties(prototype, keys, { texts: facts.classParts?.memberTexts, trail });
}
function extraProperties(holder, keys, { texts, trail }) {
  return keys.flatMap((key) => {
    const property = Object.getOwnPropertyDescriptor(holder, key);
    const accessor = property?.get ?? property?.set;
    if (isInText(accessor ?? property?.value, texts)) return [];
    if (accessor === undefined) return [{ key, value: property?.value }];
    throw refusal(
      [...trail, key],
      'a getter or setter that was added later cannot travel',
      'Write it in the class',
    );
  });
}
function isInText(value, texts) {
  return typeof value === 'function' && texts?.has(Function.prototype.toString.call(value)) === true;
}
//# sourceMappingURL=unit-properties.js.map
