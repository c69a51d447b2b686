import { hash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { linkedEntries, privateImports } from './linked-packages.ts';

/**
 * A hash over a module that is imported while a task runs, and over the own modules that it imports. Its code does not
 * travel, so this is how a change in it changes identity. A linked package is the user's own code. Undefined for
 * installed packages and for what is not there.
 */
export function moduleContent(specifier: string, from: string | undefined): string | undefined {
  const hashes = [...moduleFiles(specifier, from).values()];
  return hashes.length === 0 ? undefined : hash('sha256', JSON.stringify(hashes.sort()));
}

/** The files of such a module, with a hash of each. */
export function moduleFiles(specifier: string, from: string | undefined): ReadonlyMap<string, string> {
  // Like a script without a file, see `basePath`.
  const waiting = [...ownFiles(specifier, from ?? join(process.cwd(), '[eval]'))];
  const hashes = new Map<string, string>();
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (hashes.has(path)) continue;
    const text = readFileSync(path, 'utf8');
    hashes.set(path, hash('sha256', text));
    for (const [, imported, , named] of text.matchAll(IMPORT))
      waiting.push(...ownFiles(imported ?? named ?? '', path));
  }
  return hashes;
}

/** The same for all ways of naming one of the user's own modules: with the ending of the source or of what was compiled. */
export function moduleName(specifier: string, from: string | undefined): string {
  const path = from === undefined ? undefined : ownFile(specifier, from);
  if (path === undefined || from === undefined) return specifier;
  return `./${relative(dirname(from), path).replace(/\.[cm]?[jt]s$/, '')}`;
}

// Too much rather than too little: what stands in a comment counts too, and any text that is the path of a file.
const IMPORT =
  /\b(?:from|import|require)\b\s*(?:\(\s*)?['"]([^'"\n]+)['"]|(['"`])((?:\.{1,2}\/|#)[^'"`\n$]+)\2/g;

function ownFiles(specifier: string, from: string): readonly string[] {
  const own = ownFile(specifier, from);
  if (own !== undefined) return [own];
  const entries = specifier.startsWith('#')
    ? privateImports(specifier, from)
    : linkedEntries(specifier, from);
  return entries.flatMap((entry) => pathsFor(entry).find(isFile) ?? []);
}

/** The file that a relative specifier means; vite writes paths that begin at its root. */
function ownFile(specifier: string, from: string): string | undefined {
  if (specifier.startsWith('file:')) return [fileURLToPath(specifier)].find(isFile);
  if (!/^[./]/.test(specifier)) return undefined;
  const bases = specifier.startsWith('/')
    ? [specifier, resolve(`.${specifier}`)]
    : [resolve(dirname(from), specifier)];
  return bases.flatMap(pathsFor).find(isFile);
}

/** What runners look for: `./a.js` may be `a.ts`, `./a` may be `a.ts` or `a/index.ts`. */
export function pathsFor(base: string): readonly string[] {
  const path = base.replace(/[?#].*$/, '');
  const endings = ['.ts', '.js', '.json', '.cjs', '.mjs', '/index.ts', '/index.js'].map(
    (ending) => path + ending,
  );
  return [path, path.replace(/\.([cm]?)js(x?)$/, '.$1ts$2'), ...endings];
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}
