import { existsSync, globSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { queueBaseDirectory, userName } from '../config/index.ts';
import { PipeError } from '../errors.ts';
import { describeMissing, Queue, queueFiles, queuePath } from '../queue/index.ts';
import type { TrustOptions } from './option-values.ts';

const GLOB = /[*?[{]/;

/** Opens the queues of names, paths and globs, each once. Throws `QUEUE_NOT_FOUND` where nothing is. */
export function openQueues(words: readonly string[], { trust }: TrustOptions = {}): Queue[] {
  const queues = new Map<string, Queue>();
  for (const word of words) {
    for (const name of isGlob(word) ? expand(word) : [word]) {
      const queue = new Queue(name, { create: false, trust });
      if (queues.has(queue.path)) queue.close();
      else queues.set(queue.path, queue);
    }
  }
  return [...queues.values()];
}

/** The files of names, paths and globs, each once, not opened. Throws `QUEUE_NOT_FOUND` where nothing is. */
export function queueFilesOf(words: readonly string[]): string[] {
  const files = words.flatMap((word) => (isGlob(word) ? expand(word) : [existingFile(word)]));
  return [...new Set(files)];
}

function existingFile(name: string): string {
  const path = queuePath(name);
  if (!existsSync(path)) throw describeMissing(name, path);
  return path;
}

/** The files of all queues of this user. */
export function ownQueueFiles(): string[] {
  const own = ownDirectory();
  return queueFiles(own).map((file) => join(own, file));
}

/** The folder of the queues of this user. */
export function ownDirectory(): string {
  const { directory, addUser } = queueBaseDirectory();
  return join(directory, addUser ? userName() : '');
}

/** The short name of a queue: what `-q` takes for a queue of this user, else the name of the file. */
export function shortName(path: string): string {
  const bare = path.replace(/\.sqlite$/, '');
  const inside = relative(ownDirectory(), bare);
  return inside.startsWith('..') || isAbsolute(inside) ? basename(bare) : inside;
}

function isGlob(word: string): boolean {
  return GLOB.test(word);
}

function expand(pattern: string): string[] {
  const bare = pattern.replace(/\.sqlite$/, '');
  const isPath = isAbsolute(bare) || /^\.\.?\//.test(bare);
  const { directory } = queueBaseDirectory();
  const whole = isPath
    ? resolve(bare)
    : bare.startsWith('@')
      ? join(directory, bare.slice(1))
      : join(ownDirectory(), bare);
  const start = whole.search(GLOB);
  const found = globSync(`${whole}.sqlite`)
    .filter((file) => !file.slice(start).split('/').includes('node_modules'))
    .sort();
  if (found.length > 0) return found;
  throw new PipeError(
    'QUEUE_NOT_FOUND',
    `No queue matches "${pattern}" in ${dirname(whole)}. See: tspipe queues.`,
  );
}
