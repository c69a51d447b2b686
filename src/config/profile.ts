import { PipeError } from '../errors.ts';
import { unknownName } from '../util/index.ts';
import type { ConfigSources } from './config-paths.ts';
import { type Config, loadConfig } from './load-config.ts';
import type { ConfigProfile } from './schema.ts';

/** The settings in force with a profile: what it sets goes before what the files set outside profiles. */
export function loadProfile(name: string | undefined, sources: ConfigSources = {}): Config {
  const config = loadConfig(sources);
  const profile = (sources.env ?? process.env).TSPIPE_PROFILE || name;
  return { ...config, ...profileOf(config, name, sources), profile };
}

/**
 * The profile of a name; `TSPIPE_PROFILE` replaces the name, so that one script runs here and there unedited.
 * Throws `NAME_UNKNOWN` with the nearest.
 */
export function profileOf(
  config: Config,
  name: string | undefined,
  { env = process.env }: ConfigSources = {},
): ConfigProfile {
  const chosen = env.TSPIPE_PROFILE || name;
  if (chosen === undefined) return {};
  const found = Object.hasOwn(config.profiles, chosen) ? config.profiles[chosen] : undefined;
  if (found !== undefined) return found;
  const origin = env.TSPIPE_PROFILE ? ' (from TSPIPE_PROFILE)' : '';
  const known = Object.keys(config.profiles);
  const cure = known.length > 0 ? '' : ' No configuration file holds profiles. See: tspipe config show.';
  throw new PipeError('NAME_UNKNOWN', `${unknownName('Profile', chosen, known)}${origin}${cure}`);
}
