import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
/**
 * What a user writes to import a file of a package. vitest writes the path of the file in place of it; a path that no
 * export of the package leads to stays.
 */
export function packageSpecifier(specifier) {
  const found = /^(?:\/@fs)?(\/.*\/node_modules\/|\/node_modules\/)((?:@[^/]+\/)?[^/]+)\/(.+)$/.exec(
    specifier,
  );
  if (found === null) return specifier;
  const [, folder = '', name = '', path = ''] = found;
  const base = existsSync(folder) ? folder : resolve(`.${folder}`);
  const entry = entryOf(`${base}/${name}/package.json`, `./${path}`);
  return entry === undefined ? `${base}/${name}/${path}` : `${name}${entry.slice(1)}`;
}
/** The key of `exports` that leads to a file: `.` or `./sub`. */
function entryOf(file, path) {
  const { exports, main, module } = readManifest(file);
  if (exports === undefined) {
    const entries = [main ?? 'index.js', module].map((entry) => entry?.replace(/^(\.\/)?/, './'));
    return entries.includes(path) ? '.' : undefined;
  }
  if (leadsTo(exports, path))
    return keysOf(exports).find((key) => leadsTo(Reflect.get(Object(exports), key), path)) ?? '.';
  return undefined;
}
function keysOf(exports) {
  if (typeof exports !== 'object' || exports === null) return [];
  return Object.keys(exports).filter((key) => key.startsWith('.'));
}
function leadsTo(target, path) {
  if (typeof target !== 'object' || target === null) return target === path;
  return Object.values(target).some((inner) => leadsTo(inner, path));
}
function readManifest(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return {};
  }
}
//# sourceMappingURL=package-specifier.js.map
