import type { Command } from 'commander';
import { queueOption } from '../option-values.ts';

interface Options {
  readonly queue?: readonly string[];
  readonly json?: true;
}

export function addQueues(program: Command): Command {
  return program
    .command('queues')
    .summary('show queues with the state of their tasks')
    .description('Shows queues: their state, their tasks by state, whether a manager is alive, and the file.')
    .addOption(queueOption('all of this user'))
    .option('--json', 'as one JSON document')
    .addHelpText('after', '\nExample:\n  tspipe queues -q pi --json')
    .action(run);
}

async function run({ queue, json }: Options): Promise<void> {
  const { showQueues } = await import('../show-queues.ts');
  await showQueues(queue, json === true);
}
