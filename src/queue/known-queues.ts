import { existsSync, readdirSync } from 'node:fs';
import { dirname } from 'node:path';
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
  const known = queueFiles(dirname(path)).map((file) => file.replace(/\.sqlite$/, ''));
  const nearest = nearestName(name.split('/').at(-1) ?? name, known);
  const hint =
    nearest === undefined ? `Known there: ${known.join(', ') || 'none'}.` : `Did you mean "${nearest}"?`;
  return new PipeError('QUEUE_NOT_FOUND', `There is no queue "${name}" (${path}). ${hint}`);
}
