import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import { OWN_NAME } from './package-specifier.ts';

/** A package that captured code imports. */
export interface PackageUse {
  readonly specifier: string;
  readonly name: string;
  /** Of the package found from the importing file; undefined when none was found there. */
  readonly version: string | undefined;
}

/** What an import refers to: Node itself, a package, or a module of the user's own. */
export type Origin = 'builtin' | 'package' | 'own';

export function originOf(specifier: string, from: string | undefined): Origin {
  if (isBuiltin(specifier)) return 'builtin';
  if (specifier === OWN_NAME) return 'package';
  if (specifier.includes('/node_modules/')) return 'package';
  if (/^[./#]|^[a-z]+:|^[A-Za-z]:[\\/]/.test(specifier)) return 'own';
  // A bare name without a package is an alias of tsconfig.json, which only the runner understands.
  return packageUse(specifier, from).version === undefined ? 'own' : 'package';
}

/** Whether a script belongs to an installed package or to Node. */
export function isForeign(url: string): boolean {
  return url.startsWith('node:') || url.includes('/node_modules/');
}

/** The package that an import from a file gets, with its version. */
export function packageUse(specifier: string, from: string | undefined): PackageUse {
  const path = /.*\/node_modules\/(.+)$/.exec(specifier)?.[1] ?? specifier;
  const name = path.split('/', path.startsWith('@') ? 2 : 1).join('/');
  return { specifier, name, version: installedVersion(name, from ?? join(process.cwd(), 'x')) };
}

/** A package that code imports, as it was at the call and as it is here. */
export interface FoundPackage {
  readonly name: string;
  readonly recorded: string | undefined;
  readonly found: string | undefined;
}

const versions = new Map<string, string | undefined>();

function installedVersion(name: string, from: string): string | undefined {
  for (let folder = dirname(from); ; folder = dirname(folder)) {
    const file = join(folder, 'node_modules', name, 'package.json');
    if (!versions.has(file)) versions.set(file, versionIn(file));
    const version = versions.get(file);
    if (version !== undefined || dirname(folder) === folder) return version;
  }
}

function versionIn(file: string): string | undefined {
  try {
    const { version } = JSON.parse(readFileSync(file, 'utf8')) as { readonly version?: unknown };
    return typeof version === 'string' ? version : '';
  } catch {
    return undefined;
  }
}
