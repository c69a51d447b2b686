import { type Command, Option } from 'commander';

/** What `--provider` and `--profile` say. */
export interface OverrideOptions {
  readonly provider?: string;
  readonly profile?: string;
}

const GROUP = 'Instead of what the tasks were given:';

/** Adds `--provider` and `--profile`. */
export function addOverrideOptions(command: Command): Command {
  return command
    .addOption(new Option('--provider <name>', 'provider that starts agents').helpGroup(GROUP))
    .addOption(profileOption('its scheduler and provider, not its environment'));
}

/** `--profile` for tasks that are there already; `parts` says what of it counts, for an environment is part of a task. */
export function profileOption(parts: string): Option {
  return new Option('--profile <name>', `profile of the configuration: ${parts}`).helpGroup(GROUP);
}
