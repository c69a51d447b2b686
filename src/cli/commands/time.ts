import type { Command } from 'commander';
import { queueOption } from '../option-values.ts';
import { addFilterOptions, type FilterOptions } from '../task-filter-options.ts';

interface Options extends FilterOptions {
  readonly queue: readonly string[];
  readonly json?: true;
}

export function addTime(program: Command): Command {
  const command = program
    .command('time')
    .summary('show how long the tasks of each app took')
    .description('Shows for each app how long its tasks took: the newest attempt of each.')
    .addOption(queueOption().makeOptionMandatory());
  return addFilterOptions(command, 'SUCCEEDED')
    .option('--json', 'as one JSON document, in seconds')
    .addHelpText('after', '\nExample:\n  tspipe time -q pi')
    .action(run);
}

async function run(options: Options): Promise<void> {
  const { showTimes } = await import('../show-times.ts');
  await showTimes(options.queue, options, { asJson: options.json === true });
}
