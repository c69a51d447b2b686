import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { queueBaseDirectory } from '../config/index.ts';
import { queueFiles } from '../queue/index.ts';
import { ownQueueFiles, shortName } from './select-queues.ts';

/** What `-q` takes and may begin so: names of this user's queues, `@bob/` and what he lets read, paths. */
export function queueCandidates(typed: string): string[] {
  if (/^(\/|\.\.?\/|~\/)/.test(typed)) return queuePaths(typed);
  if (/^\.\.?$/.test(typed)) return ['./', '../'];
  if (typed.startsWith('@')) return queuesOfOthers(typed);
  return ownQueueFiles().map(shortName);
}

/** Queue files and folders that a path may become. */
function queuePaths(typed: string): string[] {
  const shown = typed.endsWith('/') ? typed : `${dirname(typed)}/`.replace('//', '/');
  const folder = shown.replace(/^~/, homedir());
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true });
  const queues = entries.filter(({ name }) => name.endsWith('.sqlite')).map(({ name }) => name.slice(0, -7));
  const begunWith = basename(typed.endsWith('/') ? '' : typed);
  const folders = entries.filter(
    (entry) =>
      entry.isDirectory() &&
      // NAME.d belongs to NAME.sqlite.
      !queues.includes(entry.name.replace(/\.d$/, '')) &&
      (begunWith.startsWith('.') || !entry.name.startsWith('.')),
  );
  return [...queues, ...folders.map(({ name }) => `${name}/`)].sort().map((name) => `${shown}${name}`);
}

/** `@bob/` for the folders beside that of this user, then the queues in such a folder. */
function queuesOfOthers(typed: string): string[] {
  const { directory } = queueBaseDirectory();
  const [user = '', ...rest] = typed.slice(1).split('/');
  if (rest.length > 0)
    return queueFiles(join(directory, user)).map((file) => `@${user}/${file.replace(/\.sqlite$/, '')}`);
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `@${name}/`)
    .sort();
}
