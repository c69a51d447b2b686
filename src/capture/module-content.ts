import { hash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * A hash over a module that is imported while a task runs, and over the own modules that it imports. Its code does not
 * travel, so this is how a change in it changes identity. Undefined for packages and for what is not there.
 */
export function moduleContent(specifier: string, from: string | undefined): string | undefined {
  const first = from === undefined ? undefined : ownFile(specifier, from);
  if (first === undefined) return undefined;
  const texts = new Map<string, string>();
  const waiting = [first];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (texts.has(path)) continue;
    const text = readFileSync(path, 'utf8');
    texts.set(path, text);
    for (const [, , next = ''] of text.matchAll(RELATIVE_IMPORT)) {
      const file = ownFile(next, path);
      if (file !== undefined) waiting.push(file);
    }
  }
  return hash('sha256', JSON.stringify([...texts.values()].sort()));
}

// Too much rather than too little: what stands in a comment counts too.
const RELATIVE_IMPORT = /\b(from|import|require)\b\s*\(?\s*['"](\.[^'"\n]+)['"]/g;

/** The file that a relative specifier means; vite writes paths that begin at its root. */
function ownFile(specifier: string, from: string): string | undefined {
  if (!/^[./]/.test(specifier)) return undefined;
  const bases = specifier.startsWith('/')
    ? [specifier, resolve(`.${specifier}`)]
    : [resolve(dirname(from), specifier)];
  return bases.flatMap(pathsFor).find(isFile);
}

/** What runners look for: `./a.js` may be `a.ts`, `./a` may be `a.ts` or `a/index.ts`. */
export function pathsFor(base: string): readonly string[] {
  const path = base.replace(/[?#].*$/, '');
  const endings = ['.ts', '.js', '/index.ts', '/index.js'].map((ending) => path + ending);
  return [path, path.replace(/\.([cm]?)js(x?)$/, '.$1ts$2'), ...endings];
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}
