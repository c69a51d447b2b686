import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/**
 * What a user writes to import a file of a package. vitest writes the path of the file in place of it; a path that no
 * export of the package leads to stays.
 */
export function packageSpecifier(specifier: string): string {
  if (isOwnEntry(specifier)) return OWN_NAME;
  const found = /^(?:\/@fs)?(\/.*\/node_modules\/|\/node_modules\/)((?:@[^/]+\/)?[^/]+)\/(.+)$/.exec(
    specifier,
  );
  if (found === null) return specifier;
  const [, folder = '', name = '', path = ''] = found;
  const base = existsSync(folder) ? folder : resolve(`.${folder}`);
  const entry = entryOf(`${base}/${name}/package.json`, `./${path}`);
  return entry === undefined ? `${base}/${name}/${path}` : `${name}${entry.slice(1)}`;
}

/** The name of this package, by which also its own tests and examples import it, without it being installed. */
export const OWN_NAME = 'tspipe';

function isOwnEntry(specifier: string): boolean {
  const path = specifier.replace(/^\/@fs\//, '/');
  const ours = resolve(import.meta.dirname, '../index');
  return [path, resolve(`.${path}`)].some((one) => one === `${ours}.js` || one === `${ours}.ts`);
}

interface Manifest {
  readonly exports?: unknown;
  readonly main?: string;
  readonly module?: string;
}

/** The key of `exports` that leads to a file: `.` or `./sub`. */
function entryOf(file: string, path: string): string | undefined {
  const { exports, main, module } = readManifest(file);
  if (exports === undefined) {
    const entries = [main ?? 'index.js', module].map((entry) => entry?.replace(/^(\.\/)?/, './'));
    return entries.includes(path) ? '.' : undefined;
  }
  if (leadsTo(exports, path))
    return keysOf(exports).find((key) => leadsTo(Reflect.get(Object(exports), key), path)) ?? '.';
  return undefined;
}

function keysOf(exports: unknown): readonly string[] {
  if (typeof exports !== 'object' || exports === null) return [];
  return Object.keys(exports).filter((key) => key.startsWith('.'));
}

function leadsTo(target: unknown, path: string): boolean {
  if (typeof target !== 'object' || target === null) return target === path;
  return Object.values(target).some((inner) => leadsTo(inner, path));
}

function readManifest(file: string): Manifest {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Manifest;
  } catch {
    return {};
  }
}
