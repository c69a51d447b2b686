import { PipeError } from '../errors.ts';
import { moduleFiles } from './module-content.ts';
import type { IslandText } from './program-format.ts';

/** What the modules held when this process first met them: it has loaded them once and for all. */
const met = new Map<string, string>();

/**
 * @throws `MODULE_CHANGED` when an own module that the code loads here is not what it was at the call, or was loaded
 * by this process when it was something else.
 */
export function checkModules({ about, files, modules = [] }: IslandText): void {
  for (const { specifier, file, hashes } of modules) {
    const found = moduleFiles(specifier, files[file] ?? undefined);
    const recorded = new Set(hashes);
    const changed = [...found].find(([, hash]) => !recorded.has(hash))?.[0];
    if (changed !== undefined || found.size !== hashes.length) {
      throw moduleChanged(
        about.name,
        changed ?? specifier,
        'it is not what it was at the call',
        'Run the script again',
      );
    }
    for (const [path, hash] of found) {
      const first = met.get(path) ?? hash;
      met.set(path, first);
      if (first === hash) continue;
      throw moduleChanged(
        about.name,
        path,
        'this worker loaded it before it was changed',
        'End the agents and spawn anew',
      );
    }
  }
}

function moduleChanged(name: string, path: string, what: string, cure: string): PipeError {
  return new PipeError(
    'MODULE_CHANGED',
    `${name} loads ${path} where it runs: ${what}. ${cure}, or import it by a statement of the script.`,
  );
}
