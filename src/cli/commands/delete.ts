import type { Command } from 'commander';
import { queueOption, trustOption, type TrustOptions } from '../option-values.ts';

interface Options extends TrustOptions {
  readonly queue: readonly string[];
  readonly force?: true;
}

export function addDelete(program: Command): Command {
  return program
    .command('delete')
    .summary('delete queues with all their tasks and results')
    .description(
      'Lists queues, asks, and deletes them with all their tasks, results and files. What runs is ended first.\n' +
        'Where nobody can be asked it deletes only with --force.',
    )
    .addOption(queueOption().makeOptionMandatory())
    .option('--force', 'do not ask')
    .addOption(trustOption())
    .addHelpText('after', '\nExample:\n  tspipe delete -q ./_tests/pi --force')
    .action(run);
}

async function run({ queue, force, trust }: Options): Promise<void> {
  const { deleteQueues } = await import('../delete-queues.ts');
  await deleteQueues(queue, { isForced: force === true, trust });
}
