import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import { OWN_NAME } from './package-specifier.ts';

/**
 * The files that a bare specifier may mean where it names a linked or workspace package: one whose real folder is in no
 * `node_modules`, and so is the user's own code. Empty for all others.
 */
export function linkedEntries(specifier: string, from: string): readonly string[] {
  const [, name, rest = ''] = /^((?:@[^/]+\/)?[^/.#@][^/]*)(\/.*)?$/.exec(specifier) ?? [];
  if (name === undefined || name === OWN_NAME || isBuiltin(specifier) || specifier.includes(':')) return [];
  const folder = linkedFolder(name, from);
  if (folder === undefined) return [];
  const { exports, main, module } = manifestIn(folder);
  const targets = exports === undefined ? plainTargets(rest, [main, module]) : targetsOf(exports, `.${rest}`);
  return targets.map((target) => join(folder, target));
}

/** The files that a specifier such as `#state` may mean: what `imports` of the package around a file says. */
export function privateImports(specifier: string, from: string): readonly string[] {
  for (let folder = dirname(from); ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) {
      const targets = matchingTargets(Object(manifestIn(folder).imports), specifier);
      return targets.filter((target) => target.startsWith('.')).map((target) => join(folder, target));
    }
    if (dirname(folder) === folder) return [];
  }
}

// Asked for at every capture; what is installed does not become a link while a script runs.
const installed = new Set<string>();

function linkedFolder(name: string, from: string): string | undefined {
  const asked = `${name} ${dirname(from)}`;
  if (installed.has(asked)) return undefined;
  for (let folder = dirname(from); ; folder = dirname(folder)) {
    const real = realFolder(join(folder, 'node_modules', name));
    if (real !== undefined && !/[\\/]node_modules[\\/]/.test(real)) return real;
    if (real !== undefined) installed.add(asked);
    if (real !== undefined || dirname(folder) === folder) return undefined;
  }
}

function realFolder(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

interface Manifest {
  readonly exports?: unknown;
  readonly imports?: unknown;
  readonly main?: string;
  readonly module?: string;
}

function manifestIn(folder: string): Manifest {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
  } catch {
    return {};
  }
}

function plainTargets(rest: string, entries: readonly (string | undefined)[]): readonly string[] {
  if (rest !== '') return [rest];
  const named = entries.filter((entry) => entry !== undefined);
  return named.length > 0 ? named : ['index.js'];
}

/** Under all conditions, since the runner decides which hold. */
function targetsOf(exports: unknown, subpath: string): readonly string[] {
  const table = Object(exports) as object;
  const hasPaths = typeof exports === 'object' && Object.keys(table).some((key) => key.startsWith('.'));
  if (!hasPaths) return subpath === '.' ? leaves(exports) : [];
  return matchingTargets(table, subpath);
}

function matchingTargets(table: object, subpath: string): readonly string[] {
  return Object.entries(table).flatMap(([key, target]) => {
    const [start = '', end] = key.split('*');
    if (end === undefined) return key === subpath ? leaves(target) : [];
    if (!subpath.startsWith(start) || !subpath.endsWith(end)) return [];
    const middle = subpath.slice(start.length, subpath.length - end.length);
    return leaves(target).map((leaf) => leaf.replaceAll('*', middle));
  });
}

function leaves(target: unknown): readonly string[] {
  if (typeof target === 'string') return [target];
  if (typeof target !== 'object' || target === null) return [];
  return Object.entries(target).flatMap(([condition, inner]) => (condition === 'types' ? [] : leaves(inner)));
}
