import { PipeError } from '../errors.ts';
/** The error for data that is not what it was, or undefined. */
export function changedData(before, now) {
  for (const [index, island] of before.entries()) {
    const later = new Map(now[index]?.objects.contents());
    for (const [trail, text] of island.objects.contents()) {
      const found = later.get(trail);
      if (found !== text) return changeError(trail, text, found ?? 'nothing');
    }
  }
  return undefined;
}
function changeError(trail, before, now) {
  const { path, from, to } = firstDifference(before, now);
  return new PipeError(
    'CAPTURE_CHANGED',
    `CAPTURE_CHANGED ${trail}${path} ${from} → ${to}: a function was called with it and it changed before the call was stored; pass it as an argument.`,
  );
}
/** Where two encoded texts differ first. They are JSON, and plain for plain values. */
function firstDifference(before, now) {
  try {
    return difference(JSON.parse(before), JSON.parse(now), '');
  } catch {
    return { path: '', from: shown(before), to: shown(now) };
  }
}
function difference(before, now, path) {
  if (isObject(before) && isObject(now) && Array.isArray(before) === Array.isArray(now)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(now)])) {
      const one = Reflect.get(before, key);
      const other = Reflect.get(now, key);
      if (JSON.stringify(one) === JSON.stringify(other)) continue;
      return difference(one, other, Array.isArray(before) ? `${path}[${key}]` : `${path}.${key}`);
    }
  }
  return { path, from: shown(JSON.stringify(before)), to: shown(JSON.stringify(now)) };
}
function isObject(value) {
  return typeof value === 'object' && value !== null;
}
function shown(text) {
  if (text === undefined) return 'nothing';
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
//# sourceMappingURL=changes.js.map
