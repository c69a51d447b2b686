import { PipeError } from '../errors.ts';
import { SECRET_NAMES } from '../util/index.ts';
import type { ConfigSources } from './config-paths.ts';
import { type Config, loadConfig } from './load-config.ts';
import { chosenProfile, profileOf } from './profile.ts';
import { queueBaseDirectory } from './queue-base-directory.ts';

/** A setting in force, and the file, environment variable or profile that it comes from. */
export interface ConfigSetting {
  /** As in a configuration file, `profiles.NAME` for a profile. */
  readonly key: string;
  readonly value: unknown;
  readonly origin: string;
}

const BUILT_IN = { environ: 'base', scheduler: 'simple', provider: 'local' } as const;

/** All settings in force, those nobody set with the origin `built-in`; `profile` as in `TaskManager`. */
export function describeConfig(profile?: string, sources: ConfigSources = {}): ConfigSetting[] {
  const config = loadConfig(sources);
  const name = chosenProfile(profile, sources)?.name;
  const chosen = profileOf(config, profile, sources);
  const choices = (['environ', 'scheduler', 'provider'] as const).map((key): ConfigSetting => {
    if (chosen[key] !== undefined) {
      const origin = `profile ${name} in ${config.origins[`profiles.${name}`]}`;
      return { key, value: chosen[key], origin };
    }
    return { key, value: config[key] ?? BUILT_IN[key], origin: config.origins[key] ?? 'built-in' };
  });
  return [baseQueueDir(config, sources), ...choices, ...secretNames(config, sources), ...profiles(config)];
}

function baseQueueDir(config: Config, sources: ConfigSources): ConfigSetting {
  const key = 'base_queue_dir';
  try {
    const value = queueBaseDirectory(undefined, sources).directory;
    return { key, value, origin: config.origins.baseQueueDir ?? 'built-in' };
  } catch (error) {
    if (!(error instanceof PipeError)) throw error;
    return { key, value: null, origin: 'built-in, and there is no home' };
  }
}

function secretNames(
  { secretNames: value, origins }: Config,
  { env = process.env }: ConfigSources,
): ConfigSetting[] {
  const key = 'secret_names';
  const variable = env[SECRET_NAMES];
  if (variable !== undefined && variable !== value?.join())
    return [{ key, value: variable.split(/[\s,]+/), origin: SECRET_NAMES }];
  return value === undefined ? [] : [{ key, value, origin: origins.secretNames ?? 'built-in' }];
}

function profiles(config: Config): ConfigSetting[] {
  return Object.entries(config.profiles).map(([name, value]) => {
    const key = `profiles.${name}`;
    return { key, value, origin: config.origins[key] ?? 'built-in' };
  });
}
