import { type Command, Option } from 'commander';
import { queueOption } from '../option-values.ts';
import type { ShownProperty } from '../show-tasks.ts';
import { addFilterOptions, type FilterOptions } from '../task-filter-options.ts';

interface Options extends FilterOptions {
  readonly queue: readonly string[];
  readonly property?: readonly ShownProperty[];
  readonly json?: true;
}

export function addTasks(program: Command): Command {
  const command = program
    .command('tasks')
    .summary('show the tasks of queues')
    .description(
      'Shows tasks in the order they were added: state, app and number of the call, id, time, and job.\n' +
        'With --property only that of each: jobid and errno a line each, out and err as text.',
    )
    .addOption(queueOption().makeOptionMandatory());
  return addFilterOptions(command, 'all')
    .addOption(
      new Option('--property <property...>', 'only these of each task').choices([
        'jobid',
        'errno',
        'err',
        'out',
      ]),
    )
    .option('--json', 'as one JSON document')
    .addHelpText('after', '\nExample:\n  tspipe tasks -q pi --state failed killed --property err')
    .action(run);
}

async function run(options: Options): Promise<void> {
  const { showTasks } = await import('../show-tasks.ts');
  await showTasks(options.queue, options, {
    properties: options.property ?? [],
    asJson: options.json === true,
  });
}
