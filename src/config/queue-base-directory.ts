import { join, resolve } from 'node:path';
import { PipeError } from '../errors.ts';
import type { ConfigSources } from './config-paths.ts';
import { loadConfig } from './load-config.ts';
import { homeDirectory } from './user.ts';

/** Where queues live, absolute; with `addUser`, each user's in a folder of their name below it. */
export interface QueueBaseDirectory {
  readonly directory: string;
  readonly addUser: boolean;
}

/**
 * The folder of queues: the option, else `TSPIPE_QUEUE_DIR`, else `base_queue_dir` of the configuration, else
 * `~/.tspipe/queues`. Throws `CONFIG_INVALID` when none is set and there is no home either.
 */
export function queueBaseDirectory(option?: string, sources: ConfigSources = {}): QueueBaseDirectory {
  const { cwd = process.cwd(), env = process.env } = sources;
  if (option !== undefined) return { directory: resolve(cwd, option), addUser: false };
  const configured = loadConfig({ cwd, env }).baseQueueDir;
  if (configured !== undefined) return { directory: configured, addUser: true };
  const home = homeDirectory(env);
  if (home !== undefined) return { directory: join(home, '.tspipe', 'queues'), addUser: true };
  throw new PipeError(
    'CONFIG_INVALID',
    'There is no folder for queues: HOME is not set, and the system knows no home of this user. Set TSPIPE_QUEUE_DIR, or give baseDir.',
  );
}
