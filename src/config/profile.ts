import { PipeError } from '../errors.ts';
import { unknownName } from '../util/index.ts';
import type { ConfigSources } from './config-paths.ts';
import { type Config, loadConfig } from './load-config.ts';
import type { ConfigProfile } from './schema.ts';

/** The name of a profile, and where it stands. */
interface ProfileChoice {
  readonly name: string;
  readonly origin: '--profile' | 'TSPIPE_PROFILE' | 'the option profile';
}

/**
 * Which profile: `--profile` among the words of the command line before a bare `--`, else `TSPIPE_PROFILE`, else
 * `option`, so that one script runs here and there unedited. Throws `OPTION_INVALID` for `--profile` without a name.
 */
export function chosenProfile(
  option: string | undefined,
  { env = process.env, argv = process.argv.slice(2) }: ConfigSources = {},
): ProfileChoice | undefined {
  const word = profileWord(argv);
  if (word !== undefined) return { name: word, origin: '--profile' };
  if (env.TSPIPE_PROFILE) return { name: env.TSPIPE_PROFILE, origin: 'TSPIPE_PROFILE' };
  return option === undefined ? undefined : { name: option, origin: 'the option profile' };
}

/**
 * The settings in force with the chosen profile: what it sets goes before what the files set outside profiles.
 * A profile of the command line is put into `TSPIPE_PROFILE`, for the workers and whatever else this process starts.
 */
export function loadProfile(option: string | undefined, sources: ConfigSources = {}): Config {
  const config = loadConfig(sources);
  const profile = profileOf(config, option, sources);
  const chosen = chosenProfile(option, sources);
  if (chosen?.origin === '--profile') (sources.env ?? process.env).TSPIPE_PROFILE = chosen.name;
  return { ...config, ...profile, profile: chosen?.name };
}

/** The chosen profile, empty where none is. Throws `NAME_UNKNOWN` with the nearest, and with all that are known. */
export function profileOf(
  config: Config,
  option: string | undefined,
  sources: ConfigSources = {},
): ConfigProfile {
  const chosen = chosenProfile(option, sources);
  if (chosen === undefined) return {};
  const { name, origin } = chosen;
  const found = Object.hasOwn(config.profiles, name) ? config.profiles[name] : undefined;
  if (found !== undefined) return found;
  throw new PipeError('NAME_UNKNOWN', describeUnknown(name, origin, Object.keys(config.profiles)));
}

/** The last `--profile NAME` or `--profile=NAME`. */
function profileWord(argv: readonly string[]): string | undefined {
  const end = argv.indexOf('--');
  const words = end === -1 ? argv : argv.slice(0, end);
  const at = words.findLastIndex((word) => /^--profile(=|$)/.test(word));
  if (at === -1) return undefined;
  const word = words[at] ?? '';
  const name = word === '--profile' ? words[at + 1] : word.slice('--profile='.length);
  if (name !== undefined && name !== '' && !(word === '--profile' && name.startsWith('-'))) return name;
  throw new PipeError(
    'OPTION_INVALID',
    `${JSON.stringify(words.slice(at).join(' '))} on the command line has no name of a profile. ` +
      'Write --profile NAME; words that mean something else to the script go behind --.',
  );
}

function describeUnknown(name: string, origin: ProfileChoice['origin'], known: readonly string[]): string {
  const text = `${unknownName('Profile', name, known)} The name comes from ${origin}.`;
  if (known.length === 0) return `${text} No configuration file holds profiles. See: tspipe config show.`;
  return text.includes('Known:') ? text : `${text} Known: ${[...known].sort().join(', ')}.`;
}
