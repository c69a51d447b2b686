import { type Command, Option } from 'commander';
import { count, seconds, trustOption } from '../option-values.ts';
import { profileOption } from '../override-options.ts';
import type { WorkOptions } from '../run-agent.ts';

export function addWork(program: Command): Command {
  return program
    .command('work')
    .summary('run one agent for a queue, here')
    .description(
      'Runs one agent in this process group, which works on the tasks of a queue with workers of its own until there is\n' +
        'nothing to do. For machines and jobs that a manager does not start agents on. Ctrl-C ends it after the running\n' +
        'tasks, twice at once. Exit code 1 when tasks did not succeed meanwhile.',
    )
    .addOption(
      new Option(
        '-q, --queue <name>',
        "queue: name, path (./q) or another user's (@bob/q)",
      ).makeOptionMandatory(),
    )
    .option('--mid <id...>', 'tasks of these task managers only (default: all)')
    .option(
      '--max-workers <number>',
      'at most so many workers here for each task manager (default: as its scheduler says)',
      count,
    )
    .option('--timeout <seconds>', 'start nothing more after this time (default: none)', seconds)
    .addOption(profileOption('its scheduler'))
    .addOption(trustOption())
    .addHelpText('after', '\nExample:\n  tspipe work -q ./_tests/pi --max-workers 2')
    .action(run);
}

async function run(options: Omit<WorkOptions, 'queue'> & { readonly queue: string }): Promise<void> {
  const { runAgent } = await import('../run-agent.ts');
  await runAgent(options);
}
