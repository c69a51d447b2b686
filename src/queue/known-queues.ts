import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, isAbsolute } from 'node:path';
import { PipeError } from '../errors.ts';
import { nearestName } from '../util/index.ts';

/** Paths of the queue files in a folder and its sub-folders, sorted. */
export function queueFiles(directory: string): string[] {
  if (!existsSync(directory)) return [];
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  return files.filter((file) => file.endsWith('.sqlite')).sort();
}

/** The error for a queue that is not there, with those that are beside it. */
export function describeMissing(name: string, path: string): PipeError {
  return new PipeError(
    'QUEUE_NOT_FOUND',
    `There is no queue "${name}" (${path}). ${hint(name.replace(/\.sqlite$/, ''), dirname(path))}`,
  );
}

function hint(name: string, directory: string): string {
  const isPath = isAbsolute(name) || /^\.\.?\//.test(name);
  if (!isPath && existsSync(`${name}.sqlite`)) return `Did you mean the path "./${name}"?`;
  // Only beside it: the folder may be one with everything in the world below it.
  const known = existsSync(directory)
    ? readdirSync(directory)
        .filter((file) => file.endsWith('.sqlite'))
        .map((file) => basename(file, '.sqlite'))
    : [];
  const nearest = nearestName(basename(name), known);
  if (nearest !== undefined) return `Did you mean "${nearest}"?`;
  return `Known there: ${known.sort().join(', ') || 'none'}.`;
}
