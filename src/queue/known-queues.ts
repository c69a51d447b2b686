import { type Dirent, existsSync, readdirSync } from 'node:fs';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { PipeError } from '../errors.ts';
import { nearestName } from '../util/index.ts';

/**
 * Paths of the queue files in a folder and its sub-folders, sorted; not in node_modules, folders that begin with a dot,
 * the folders of the queues themselves, and what this user may not read.
 */
export function queueFiles(directory: string): string[] {
  return filesBelow(directory, '').sort();
}

function filesBelow(directory: string, inside: string): string[] {
  const entries = entriesOf(join(directory, inside));
  const queues = new Set(entries.filter(({ name }) => name.endsWith('.sqlite')).map(({ name }) => name));
  const folders = entries.filter((entry) => entry.isDirectory() && !queues.has(entry.name));
  return [
    ...[...queues].map((name) => join(inside, name)),
    ...folders
      .filter(({ name }) => name !== 'node_modules' && !name.startsWith('.'))
      // NAME.d holds what belongs to NAME.sqlite.
      .filter(({ name }) => !queues.has(name.replace(/\.d$/, '.sqlite')))
      .flatMap(({ name }) => filesBelow(directory, join(inside, name))),
  ];
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // It is not there, or belongs to somebody else.
    return [];
  }
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
  const known = entriesOf(directory)
    .filter((entry) => entry.name.endsWith('.sqlite'))
    .map((entry) => basename(entry.name, '.sqlite'));
  const nearest = nearestName(basename(name), known);
  if (nearest !== undefined) return `Did you mean "${nearest}"?`;
  return `Known there: ${known.sort().join(', ') || 'none'}.`;
}
