import { type Command, Option } from 'commander';

interface Options {
  readonly queue: string;
  readonly json?: true;
}

export function addResult(program: Command): Command {
  return program
    .command('result')
    .summary('print the result of a task')
    .description('Prints the result of a task: text as it is, any other value as Node shows it.')
    .argument('<task>', 'id of the task, the beginning of it, or app[number] as in "fit[3]"')
    .addOption(
      new Option(
        '-q, --queue <name>',
        "queue: name, path (./q) or another user's (@bob/q)",
      ).makeOptionMandatory(),
    )
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  tspipe result -q pi 3f09a1')
    .action(run);
}

async function run(task: string, { queue, json }: Options): Promise<void> {
  const { showResult } = await import('../show-result.ts');
  await showResult(queue, task, { asJson: json === true });
}
