import type { Command } from 'commander';
import { queueOption } from '../option-values.ts';

interface Options {
  readonly queue: readonly string[];
  readonly json?: true;
}

export function addCheck(program: Command): Command {
  return program
    .command('check')
    .summary('look whether queues are whole')
    .description(
      'Checks queues against themselves: the file, its tables, rows that name others, states, counts, and the files\n' +
        'beside it. Says in plain words what is wrong, what it means and what to do. Changes nothing, and may be run\n' +
        'while the queue is worked on. The exit code is 1 where a fault was found.',
    )
    .addOption(queueOption().makeOptionMandatory())
    .option('--json', 'as one JSON document')
    .addHelpText('after', '\nExample:\n  tspipe check -q pi')
    .action(run);
}

async function run({ queue, json }: Options): Promise<void> {
  const { checkQueues } = await import('../check-queues.ts');
  await checkQueues(queue, json === true);
}
