import { dirname, join, resolve } from 'node:path';
import { isThere } from './read-text.ts';

/** Where to look for a configuration; the defaults are those of this process. */
export interface ConfigSources {
  readonly cwd?: string | undefined;
  readonly env?: NodeJS.ProcessEnv | undefined;
  /** The words after the script. */
  readonly argv?: readonly string[] | undefined;
}

/** Name of the file of a user, in their configuration folder. */
export const USER_FILE = 'config.yaml';
/** Name of the file of a project, in its folder. */
export const PROJECT_FILE = 'tspipe.yaml';

/** `TSPIPE_CONFIG_DIR`, from `cwd` when relative, else `~/.tspipe`; undefined without HOME. It need not be there. */
export function configDirectory({
  env = process.env,
  cwd = process.cwd(),
}: ConfigSources = {}): string | undefined {
  const folder = env.TSPIPE_CONFIG_DIR || (env.HOME && join(env.HOME, '.tspipe'));
  return folder ? resolve(cwd, fromHome(folder, env)) : undefined;
}

/** A path with the home in place of `~`, which no shell has replaced in quotes or in a file. */
export function fromHome(path: string, env: NodeJS.ProcessEnv): string {
  return env.HOME ? path.replace(/^~(?=\/|$)/, () => env.HOME ?? '~') : path;
}

/** The nearest `tspipe.yaml` from a folder upwards. */
export function findProjectFile(folder: string): string | undefined {
  const file = join(folder, PROJECT_FILE);
  if (isThere(file)) return file;
  const above = dirname(folder);
  return above === folder ? undefined : findProjectFile(above);
}
