import { type Config, loadConfig, profileOf, readSection } from '../config/index.ts';
import { type Provider, providerFrom } from '../provider/index.ts';
import { Scheduler } from '../scheduler/index.ts';
import type { OverrideOptions } from './override-options.ts';

/** What takes the place of what task managers recorded; those that are not there leave it. */
export interface Overrides {
  readonly provider?: Provider;
  readonly scheduler?: Scheduler;
}

/**
 * The provider and the scheduler that the options name, `--provider` before `--profile`. Throws `NAME_UNKNOWN`, and
 * `CONFIG_INVALID` with file, line and column for what is wrong in a profile.
 */
export function readOverrides({ provider: name, profile }: OverrideOptions): Overrides {
  const config = profile === undefined ? undefined : configOfProfile(profile);
  const provider = name === undefined ? config && providerOf(config) : providerFrom(name);
  const scheduler = config && schedulerOf(config);
  return {
    ...(provider === undefined ? {} : { provider }),
    ...(scheduler === undefined ? {} : { scheduler }),
  };
}

/** What the profile of the word after `--profile` sets by itself, whatever the environment variables say. */
export function configOfProfile(name: string): Config {
  const config = loadConfig();
  const { provider, scheduler } = profileOf(config, undefined, { argv: ['--profile', name] });
  return { ...config, provider, scheduler, profile: name };
}

function providerOf(config: Config): Provider | undefined {
  return readSection(config, 'provider', (choice) =>
    choice === undefined ? undefined : providerFrom(choice),
  );
}

function schedulerOf(config: Config): Scheduler | undefined {
  return readSection(config, 'scheduler', (choice) =>
    choice === undefined ? undefined : Scheduler.from(choice),
  );
}
