import type { Command } from 'commander';
import type { KillOptions } from '../kill-tasks.ts';
import { queueOption, trustOption } from '../option-values.ts';
import { addFilterOptions } from '../task-filter-options.ts';

interface Options extends Omit<KillOptions, 'queue'> {
  readonly queue?: readonly string[];
  readonly provider?: string;
}

export function addKill(program: Command): Command {
  const command = program
    .command('kill')
    .summary('end tasks for good')
    .description(
      'Ends tasks for good, and waits until their processes are gone: TERM, and KILL after 10 s.\n' +
        'With --provider and --jobid it ends jobs, whichever queue they work for.',
    )
    .addOption(queueOption());
  return addFilterOptions(command, 'RUNNING')
    .option('--manager', 'end the managers as well, after the running tasks')
    .option('--provider <name>', 'end jobs of this provider; needs --jobid and no queue')
    .addOption(trustOption())
    .addHelpText('after', '\nExample:\n  tspipe kill -q pi --name fit --state running pending')
    .action(run);
}

async function run({ queue, provider, ...options }: Options, command: Command): Promise<void> {
  const { killJobs, killTasks } = await import('../kill-tasks.ts');
  if (provider !== undefined) {
    if (options.jobid === undefined) command.error('error: --provider needs --jobid');
    await killJobs(provider, options.jobid);
  } else if (queue === undefined) {
    command.error("error: required option '-q, --queue <name...>' not specified");
  } else await killTasks({ ...options, queue });
}
