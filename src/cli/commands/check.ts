import type { Command } from 'commander';
import { queueOption } from '../option-values.ts';

interface Options {
  readonly queue: readonly string[];
  readonly json?: true;
  readonly repair?: true;
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
    .option('--repair', 'make a new queue NAME.repaired of what is whole; the old one is not touched')
    .option('--json', 'as one JSON document')
    .addHelpText('after', '\nExamples:\n  tspipe check -q pi\n  tspipe check -q ./copy/pi --repair')
    .action(run);
}

async function run({ queue, json, repair }: Options): Promise<void> {
  const { checkQueues } = await import('../check-queues.ts');
  await checkQueues(queue, { asJson: json === true, repairs: repair === true });
}
