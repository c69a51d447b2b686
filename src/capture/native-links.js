import { isPlain } from './data-walk.ts';
import { builtinExport, globalPath } from './intrinsics.ts';
import { packageUse } from './packages.ts';
import { refusal } from './refusal.ts';
/** What stands for a function that is not the user's: the global or the export of Node that holds it. */
export function nativeLink(fn, url, trail) {
  const link = wellKnownLink(fn);
  if (link !== undefined) return link;
  if (url !== undefined && !url.startsWith('node:')) {
    const { name } = packageUse(url, undefined);
    throw refusal(trail, `a function made by the package ${name} cannot travel to a worker`, MAKE_INSIDE);
  }
  const isBound = /^bound /.test(fn.name);
  if (isBound) {
    throw refusal(
      trail,
      'a bound function cannot travel to a worker',
      'Write an arrow function that calls the method',
    );
  }
  throw refusal(
    trail,
    `the function ${fn.name || 'here'} of Node itself cannot travel to a worker`,
    MAKE_INSIDE,
  );
}
const MAKE_INSIDE = 'Make it inside the function, or import it by name';
/** A link to something that every Node has. */
export function wellKnownLink(value) {
  const path = isOrdinary(value) ? undefined : globalPath(value);
  if (path !== undefined) return { kind: 'global', path };
  if (typeof value !== 'function') return undefined;
  const found = builtinExport(value);
  return found && { kind: 'builtin', specifier: found.specifier, path: found.key === '' ? [] : [found.key] };
}
// Most captured objects; the few of these that Node itself made are as good as data.
function isOrdinary(value) {
  return isPlain(value) && value !== process.env && !Object.hasOwn(value, Symbol.toStringTag);
}
//# sourceMappingURL=native-links.js.map
