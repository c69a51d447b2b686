import type { Command } from 'commander';
import { queueOption, trustOption } from '../option-values.ts';
import type { RetryOptions } from '../retry-tasks.ts';
import { addDetachOptions } from '../start-manager.ts';
import { addFilterOptions } from '../task-filter-options.ts';

export function addRetry(program: Command): Command {
  const command = program
    .command('retry')
    .summary('make ended tasks run again')
    .description(
      'Makes ended tasks due again, with the code and arguments they were called with.\n' +
        'They start where a manager is alive; --spawn starts one.\n' +
        'It says where a file holds newer code of an app, or of what the app uses. Of data it does not know that, nor\n' +
        'of what an app uses when tsx or a compiler wrote the code that ran.',
    )
    .addOption(queueOption().makeOptionMandatory());
  addFilterOptions(command, 'FAILED, KILLED and UNKNOWN').option(
    '--downstream',
    'also the ended tasks that require them',
  );
  return addDetachOptions(command)
    .addOption(trustOption())
    .addHelpText('after', '\nExample:\n  tspipe retry -q pi --state killed --spawn')
    .action(run);
}

async function run(options: RetryOptions): Promise<void> {
  const { retryTasks } = await import('../retry-tasks.ts');
  await retryTasks(options);
}
