import { type Command, Option } from 'commander';
import { count, queueOption, seconds, trustOption } from '../option-values.ts';
import { addOverrideOptions } from '../override-options.ts';
import type { SpawnCommandOptions } from '../spawn-queues.ts';
import { addFilterOptions } from '../task-filter-options.ts';

export function addSpawn(program: Command): Command {
  const command = program
    .command('spawn')
    .summary('run the tasks of queues')
    .description(
      'Runs the tasks of queues until nothing is pending or running. Where a manager is alive already, waits with it.\n' +
        'With --tid, --name and such, runs these tasks and what they require.\n' +
        'Exit code 0 when all succeeded, 1 when some did not.',
    )
    .addOption(queueOption().makeOptionMandatory())
    .option('--timeout <seconds>', 'start nothing more after this time (default: none)', seconds)
    .option('--timestep <seconds>', 'look at the queue at least this often (default: 1)', seconds)
    .option('--mode <mode...>', 'of stop_at_error, retry_at_timeout, no_stream, no_out')
    .option('--max-workers <number>', 'at most so many workers for each task manager', count)
    .option('--stop-after-failures <number>', 'start nothing more once so many tasks have failed', count)
    .option('--detach', 'leave the work to a manager process of its own, and end at once')
    .addOption(new Option('--spawn', 'another word for --detach'))
    .addOption(trustOption());
  return addOverrideOptions(addFilterOptions(command, 'all'))
    .addHelpText('after', '\nExample:\n  tspipe spawn -q ./_tests/pi --max-workers 2')
    .action(run);
}

async function run(options: SpawnCommandOptions): Promise<void> {
  const { spawnQueues } = await import('../spawn-queues.ts');
  await spawnQueues(options);
}
