import { isAbsolute, join, resolve } from 'node:path';
import { queueBaseDirectory, userName } from '../config/index.ts';
import { PipeError } from '../errors.ts';
import { visibleLine } from '../util/index.ts';

/**
 * The file of a queue. `a/b` is `<base>/<user>/a/b.sqlite`, `@bob/q` another user's queue, `./q`, `../q` and `/q` are
 * paths. The user's name is added to the configured base only, not to `baseDir`. An ending `.sqlite` is optional.
 * Throws `QUEUE_NAME_INVALID`.
 */
export function queuePath(name: string, baseDir?: string): string {
  const bare = checkName(name).replace(/\.sqlite$/, '');
  if (isAbsolute(bare) || /^\.\.?\//.test(bare)) return `${resolve(bare)}.sqlite`;
  const { directory, addUser } = queueBaseDirectory(baseDir);
  const [first = '', ...rest] = bare.split('/');
  if (first.startsWith('@')) return `${join(resolve(directory), first.slice(1), ...rest)}.sqlite`;
  return `${join(resolve(directory), addUser ? userName() : '', bare)}.sqlite`;
}

function checkName(name: unknown): string {
  if (typeof name !== 'string' || name === '')
    throw invalid(String(name), 'it must be a text that is not empty');
  if (visibleLine(name) !== name) throw invalid(visibleLine(name), 'it holds a control character');
  if (name.endsWith('/')) throw invalid(name, 'it ends with a slash');
  const isPath = isAbsolute(name) || /^\.\.?\//.test(name);
  const parts = name.split('/').slice(isPath ? 1 : 0);
  if (!isPath && parts.some((part) => part === '' || part === '.' || part === '..')) {
    throw invalid(name, 'a part of it is empty, "." or ".."');
  }
  if (/^@(\/|$)/.test(name) || (name.startsWith('@') && parts.length < 2)) {
    throw invalid(name, 'after @ come a user and a queue: @bob/q');
  }
  if (/^@\.\.?\//.test(name)) throw invalid(name, 'after @ comes the name of a user');
  if (parts.some((part) => Buffer.byteLength(part) > 240))
    throw invalid(name, 'a part of it is longer than 240 bytes');
  return name;
}

function invalid(name: string, why: string): PipeError {
  return new PipeError('QUEUE_NAME_INVALID', `"${name}" cannot name a queue: ${why}.`);
}
