import { type Command, Option } from 'commander';
import { queueOption } from '../option-values.ts';

interface Options {
  readonly queue: readonly string[];
  readonly name: string;
  readonly csv?: true;
  readonly json?: true;
}

export function addResults(program: Command): Command {
  return program
    .command('results')
    .summary('show arguments and results of an app')
    .description(
      'Shows the tasks of an app that succeeded: arguments, result and seconds.\n' +
        'Where the queue has results of several versions of its code, they are numbered, the newest highest.',
    )
    .addOption(queueOption().makeOptionMandatory())
    .addOption(new Option('--name <app>', 'name of the app').makeOptionMandatory())
    .addOption(new Option('--csv', 'as comma-separated values').conflicts('json'))
    .option('--json', 'as one JSON document')
    .addHelpText('after', '\nExample:\n  tspipe results -q pi --name fraction --csv > fractions.csv')
    .action(run);
}

async function run({ queue, name, csv, json }: Options): Promise<void> {
  const { showResults } = await import('../show-results.ts');
  await showResults(queue, name, csv === true ? 'csv' : json === true ? 'json' : 'table');
}
