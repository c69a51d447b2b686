import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The version of an npm package as a file (a path or a `file:` URL) would import it, or undefined when it finds none.
 * `name` may be a specifier with a path inside the package. Read from the package.json in the `node_modules` folders
 * upwards, because the `exports` of many packages hide theirs; a package also knows itself by name.
 */
export function packageVersion(name: string, fromFile: string | URL): string | undefined {
  const path = String(fromFile).startsWith('file:') ? fileURLToPath(fromFile) : String(fromFile);
  const wanted = packageName(name);
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const own = readManifest(folder);
    const found = own?.name === wanted ? own : readManifest(join(folder, 'node_modules', wanted));
    if (found?.version !== undefined) return found.version;
    if (folder === dirname(folder)) return undefined;
  }
}

function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

interface Manifest {
  readonly name: string | undefined;
  readonly version: string | undefined;
}

function readManifest(folder: string): Manifest | undefined {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return { name: textIn(manifest, 'name'), version: textIn(manifest, 'version') };
  } catch {
    // Missing or unreadable: the package may still be found further up.
    return undefined;
  }
}

function textIn(manifest: unknown, key: string): string | undefined {
  if (typeof manifest !== 'object' || manifest === null) return undefined;
  const value: unknown = Reflect.get(manifest, key);
  return typeof value === 'string' ? value : undefined;
}

/** Where the imports of a function are looked for: its file, or the working directory for one of a prompt. */
export function basePath(file: string | undefined): string {
  return file ?? join(process.cwd(), '[eval]');
}
