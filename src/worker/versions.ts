import type { LoadedFunction } from '../app/index.ts';
import { PipeError } from '../errors.ts';
import { basePath, packageVersion } from '../provenance/index.ts';
import type { Recipe } from '../queue/index.ts';

/** In words, which packages are here in other versions than the call found; null where none is. */
export function versionNote({ packages }: LoadedFunction): string | null {
  const others = packages.filter(({ recorded, found }) => recorded !== found && found !== undefined);
  const list = new Set(
    others.map(({ name, recorded, found }) => `${name} ${found} (at the call ${recorded})`),
  );
  return list.size === 0 ? null : `It ran with other versions: ${[...list].join(', ')}.`;
}

/** Throws `VERSION_DIFFERS` where a package whose version counts for identity is here in another one. */
export function checkVersions({ name, versions }: Recipe, { file }: LoadedFunction): void {
  for (const [wanted, version] of Object.entries(versions)) {
    const found = packageVersion(wanted, basePath(file)) ?? 'missing';
    if (found === version) continue;
    throw new PipeError(
      'VERSION_DIFFERS',
      `${name} was called with ${wanted} ${version}, whose version counts (identity.versions), and its worker finds ${found}. Install ${version} where tasks run, or run the script again.`,
    );
  }
}
