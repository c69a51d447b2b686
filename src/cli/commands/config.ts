import type { Command } from 'commander';
import { ExitCode } from '../exit-code.ts';

interface ShowOptions {
  readonly origin?: true;
  readonly json?: true;
  readonly profile?: string;
}

interface EditOptions {
  readonly project?: true;
}

export function addConfig(program: Command): Command {
  const config = program
    .command('config')
    .summary('show and change settings')
    .description(
      'Settings come from environment variables, the nearest tspipe.yaml, and config.yaml in ~/.tspipe, in this order.',
    )
    .addHelpText(
      'after',
      '\nExample:\n  tspipe config set profiles.sims.scheduler.maxWorkers 64\n  tspipe config show --origin',
    );
  config
    .command('show', { isDefault: true })
    .summary('show the settings in force')
    .description('Shows the settings in force.')
    .option('--origin', 'with the file, environment variable or profile each comes from')
    .option('--json', 'as one JSON document')
    .option('--profile <name>', 'as a script with this profile sees them (default: TSPIPE_PROFILE)')
    .option('--debug', 'show the stack of an error')
    .addHelpText('after', '\nExample:\n  tspipe config show --origin')
    .action(show);
  config
    .command('set <key> <value>')
    .summary('set a value')
    .description('Sets a value in the file of this user; comments are kept. The value is YAML.')
    .option('--project', 'in the nearest tspipe.yaml, or a new one here')
    .option('--debug', 'show the stack of an error')
    .addHelpText('after', "\nExample:\n  tspipe config set scheduler '{ maxWorkers: 4 }'")
    .action(set);
  config
    .command('unset <key>')
    .summary('take a value out')
    .description('Takes a value out of the file of this user; comments of other values are kept.')
    .option('--project', 'out of the nearest tspipe.yaml')
    .option('--debug', 'show the stack of an error')
    .addHelpText('after', '\nExample:\n  tspipe config unset scheduler.maxWorkers')
    .action(unset);
  return config;
}

async function show({ origin, json, profile }: ShowOptions): Promise<void> {
  const { showConfig } = await import('../show-config.ts');
  const { checkConfigFiles } = await import('../../config/index.ts');
  const { sectionReaders } = await import('../section-readers.ts');
  warnOfNames(checkConfigFiles(sectionReaders));
  showConfig({ withOrigin: origin === true, asJson: json === true, profile });
}

async function set(key: string, value: string, { project }: EditOptions): Promise<void> {
  const { configFile, setConfigValue } = await import('../../config/index.ts');
  const { sectionReaders: readers } = await import('../section-readers.ts');
  const file = configFile(project === true ? 'project' : 'user');
  warnOfNames(setConfigValue({ file, key, text: value, readers }));
  process.stderr.write(`tspipe: ${key} is set in ${file}\n`);
}

async function unset(key: string, { project }: EditOptions): Promise<void> {
  const { configFile, unsetConfigValue } = await import('../../config/index.ts');
  const { sectionReaders: readers } = await import('../section-readers.ts');
  const file = configFile(project === true ? 'project' : 'user');
  const isDone = unsetConfigValue({ file, key, readers });
  if (!isDone) process.exitCode = ExitCode.FAILED;
  process.stderr.write(`tspipe: ${key} ${isDone ? 'is not set any more' : 'is not set'} in ${file}\n`);
}

/** A script may make a name known that is not known here. */
function warnOfNames(messages: readonly string[]): void {
  for (const message of messages) {
    process.stderr.write(`tspipe: ${message} It is right only where the script registers it.\n`);
  }
}
