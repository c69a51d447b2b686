import { dirname, join, resolve } from 'node:path';
import { configDirectory, type ConfigSources, findProjectFile, fromHome, USER_FILE } from './config-paths.ts';
import { SECRET_NAMES } from '../util/index.ts';
import { readConfigFile } from './config-file.ts';
import type { ConfigChoice, ConfigProfile, ConfigValues } from './schema.ts';

/** The settings in force. `origins` tells for each setting the file or environment variable it comes from. */
export interface Config {
  readonly baseQueueDir?: string | undefined;
  /** Whether new queues are for many hosts. */
  readonly shared?: boolean | undefined;
  readonly environ?: ConfigChoice | undefined;
  readonly provider?: ConfigChoice | undefined;
  readonly scheduler?: ConfigChoice | undefined;
  /** Patterns of names of variables whose values are secret, or with `!` are not. */
  readonly secretNames?: readonly string[] | undefined;
  readonly profiles: Readonly<Record<string, ConfigProfile>>;
  /** The profile that is in force. */
  readonly profile?: string | undefined;
  readonly origins: Readonly<Record<string, string>>;
}

/** One place that settings come from. Its profiles are settings of their own. */
interface Layer {
  readonly origin: string;
  readonly values: ConfigValues;
}

/**
 * Reads the configuration: environment variables (`TSPIPE_QUEUE_DIR`) go before the nearest `tspipe.yaml` upwards from
 * `cwd`, and that before `config.yaml` in `TSPIPE_CONFIG_DIR` or `~/.tspipe`. Whole settings and whole profiles replace
 * each other. Relative paths in a file start from its folder, `~/` from the home. Without HOME there is no user file.
 * `secret_names` is put into `TSPIPE_SECRET_NAMES`, for whatever this process starts.
 * Throws `CONFIG_INVALID` with file, line and column.
 */
export function loadConfig(sources: ConfigSources = {}): Config {
  const { cwd = process.cwd(), env = process.env } = sources;
  const files = configFiles({ cwd, env }).map((file) => fileLayer(file, env));
  const layers = [...files, variableLayer(env, cwd)].filter((layer) => layer !== undefined);
  const settings: Record<string, unknown> = {};
  const origins: Record<string, string> = {};
  const profiles: Record<string, ConfigProfile> = {};
  for (const { origin, values } of layers) {
    for (const [key, value] of Object.entries(values)) {
      if (key === 'profiles' || value === undefined) continue;
      const name = NAMES[key] ?? key;
      settings[name] = value;
      origins[name] = origin;
    }
    for (const [name, profile] of Object.entries(values.profiles ?? {})) {
      profiles[name] = profile;
      origins[`profiles.${name}`] = origin;
    }
  }
  const config: Config = { ...settings, profiles, origins };
  if (config.secretNames !== undefined) env[SECRET_NAMES] ??= config.secretNames.join();
  return config;
}

const NAMES: Readonly<Record<string, string>> = {
  base_queue_dir: 'baseQueueDir',
  secret_names: 'secretNames',
};

/** The files to read, those that go before later. They need not be there. */
export function configFiles({ cwd = process.cwd(), env = process.env }: ConfigSources = {}): string[] {
  const folder = configDirectory({ env, cwd });
  const files = [folder === undefined ? undefined : join(folder, USER_FILE), findProjectFile(cwd)];
  return files.filter((file) => file !== undefined);
}

function variableLayer(env: NodeJS.ProcessEnv, cwd: string): Layer | undefined {
  if (!env.TSPIPE_QUEUE_DIR) return undefined;
  return {
    origin: 'TSPIPE_QUEUE_DIR',
    values: { base_queue_dir: resolve(cwd, fromHome(env.TSPIPE_QUEUE_DIR, env)) },
  };
}

function fileLayer(file: string, env: NodeJS.ProcessEnv): Layer | undefined {
  const values = readConfigFile(file);
  if (values === undefined) return undefined;
  const base = values.base_queue_dir;
  if (base === undefined) return { origin: file, values };
  const directory = resolve(dirname(file), fromHome(base, env));
  return { origin: file, values: { ...values, base_queue_dir: directory } };
}
