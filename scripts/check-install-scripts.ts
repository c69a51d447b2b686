// Holds the list of docs/dependencies.md and "allowScripts" of package.json to what dependencies run when they are
// installed: node scripts/check-install-scripts.ts [folder], default this project. package-lock.json knows those of
// other systems too; node_modules is looked through as well, since a lock file can be edited.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const RUN_BY_NPM = ['preinstall', 'install', 'postinstall'];

interface Manifest {
  readonly name?: string;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly allowScripts?: Readonly<Record<string, boolean>>;
}

interface LockFile {
  readonly packages: Readonly<Record<string, { readonly hasInstallScript?: boolean }>>;
}

/** What is wrong, a line each. */
export function checkInstallScripts(root: string): string[] {
  const scripted = new Set([...scriptedInLock(root), ...scriptedInModules(root)]);
  const lists = { 'docs/dependencies.md': listed(root), 'allowScripts of package.json': allowed(root) };
  return Object.entries(lists).flatMap(([place, names]) => [
    ...[...scripted]
      .filter((name) => !names.has(name))
      .map((name) => `${name} has an install script and is not in ${place}.`),
    ...[...names]
      .filter((name) => !scripted.has(name))
      .map((name) => `${name} is in ${place} and has no install script.`),
  ]);
}

function scriptedInLock(root: string): string[] {
  const { packages } = readJson(join(root, 'package-lock.json')) as LockFile;
  return Object.entries(packages)
    .filter(([path, { hasInstallScript }]) => path !== '' && hasInstallScript === true)
    .map(([path]) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length));
}

function scriptedInModules(root: string): string[] {
  const files = globSync('node_modules/**/package.json', { cwd: root });
  return files.flatMap((file) => {
    const { name, scripts = {} } = readManifest(join(root, file));
    // Other manifests lie within packages: of tests, and those that only say how to load a folder.
    const isPackage = name !== undefined && dirname(file).endsWith(`node_modules/${name}`);
    const isCompiled = existsSync(join(root, dirname(file), 'binding.gyp'));
    const isScripted = isCompiled || RUN_BY_NPM.some((script) => scripts[script] !== undefined);
    return isPackage && isScripted ? [name] : [];
  });
}

/** The rows of the table under "Install scripts". */
function listed(root: string): ReadonlySet<string> {
  const text = readFileSync(join(root, 'docs/dependencies.md'), 'utf8');
  const section = text.split(/^## /m).find((part) => part.startsWith('Install scripts\n')) ?? '';
  return new Set([...section.matchAll(/^\| `([^`]+)`/gm)].map(([, name = '']) => name));
}

function allowed(root: string): ReadonlySet<string> {
  return new Set(Object.keys(readManifest(join(root, 'package.json')).allowScripts ?? {}));
}

function readManifest(file: string): Manifest {
  try {
    return readJson(file) as Manifest;
  } catch {
    // A fixture that is meant to be broken.
    return {};
  }
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}

if (process.argv[1] !== undefined && basename(process.argv[1]) === basename(import.meta.filename)) {
  const problems = checkInstallScripts(process.argv[2] ?? join(import.meta.dirname, '..'));
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
