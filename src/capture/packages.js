import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
export function originOf(specifier, from) {
  if (isBuiltin(specifier)) return 'builtin';
  if (specifier.includes('/node_modules/')) return 'package';
  if (/^[./#]|^[a-z]+:|^[A-Za-z]:[\\/]/.test(specifier)) return 'own';
  // A bare name without a package is an alias of tsconfig.json, which only the runner understands.
  return packageUse(specifier, from).version === undefined ? 'own' : 'package';
}
/** Whether a script belongs to an installed package or to Node. */
export function isForeign(url) {
  return url.startsWith('node:') || url.includes('/node_modules/');
}
/** The package that an import from a file gets, with its version. */
export function packageUse(specifier, from) {
  const path = /.*\/node_modules\/(.+)$/.exec(specifier)?.[1] ?? specifier;
  const name = path.split('/', path.startsWith('@') ? 2 : 1).join('/');
  return { specifier, name, version: installedVersion(name, from ?? join(process.cwd(), 'x')) };
}
const versions = new Map();
function installedVersion(name, from) {
  for (let folder = dirname(from); ; folder = dirname(folder)) {
    const file = join(folder, 'node_modules', name, 'package.json');
    if (!versions.has(file)) versions.set(file, versionIn(file));
    const version = versions.get(file);
    if (version !== undefined || dirname(folder) === folder) return version;
  }
}
function versionIn(file) {
  try {
    const { version } = JSON.parse(readFileSync(file, 'utf8'));
    return typeof version === 'string' ? version : '';
  } catch {
    return undefined;
  }
}
//# sourceMappingURL=packages.js.map
