import type { Command } from 'commander';
import { PipeError } from '../../errors.ts';
import { queueOption } from '../option-values.ts';

interface Options {
  readonly queue?: readonly string[];
  readonly json?: true;
}

interface ConvertOptions {
  readonly queue: readonly string[];
  readonly shared?: true;
  readonly local?: true;
}

export function addQueues(program: Command): Command {
  const queues = program
    .command('queues')
    .enablePositionalOptions()
    .summary('show queues with the state of their tasks')
    .description('Shows queues: their state, their tasks by state, whether a manager is alive, and the file.')
    .addOption(queueOption('all of this user'))
    .option('--json', 'as one JSON document')
    .addHelpText('after', '\nExample:\n  tspipe queues -q pi --json')
    .action(run);
  queues
    .command('convert')
    .summary('make queues fit for many hosts, or for one machine')
    .description(
      'Converts queues that nothing works on: to shared ones, for disks that several hosts use, or to local ones, which\n' +
        'are quicker and for one machine only. Nothing in them changes.',
    )
    .addOption(queueOption().makeOptionMandatory())
    .option('--shared', 'for many hosts')
    .option('--local', 'for this machine only')
    .option('--debug', 'show the stack of an error')
    .addHelpText('after', '\nExample:\n  tspipe queues convert -q ./pi --shared')
    .action(convert);
  return queues;
}

async function convert({ queue, shared, local }: ConvertOptions): Promise<void> {
  if ((shared === true) === (local === true))
    throw new PipeError('OPTION_INVALID', 'Say what the queues are to be: --shared or --local.');
  const { convertQueues } = await import('../convert-queues.ts');
  await convertQueues(queue, shared === true ? 'shared' : 'local');
}

async function run({ queue, json }: Options): Promise<void> {
  const { showQueues } = await import('../show-queues.ts');
  await showQueues(queue, json === true);
}
