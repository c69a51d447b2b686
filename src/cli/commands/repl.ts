import { type Command, Option } from 'commander';
import { ExitCode } from '../exit-code.ts';
import { trustOption } from '../option-values.ts';

interface Options {
  readonly queue: string;
  readonly profile?: string;
  readonly trust?: true;
}

export function addRepl(program: Command): Command {
  return program
    .command('repl')
    .summary("Node's prompt on a queue")
    .description(
      "Opens Node's prompt with queue, tasks(), task('ab12'), retry(), kill(), spawn(), apps, last and tm.\n" +
        'Fed from a pipe it runs the lines and ends: exit code 1 when one of them raised.',
    )
    .addOption(
      new Option(
        '-q, --queue <name>',
        "a queue: name, path (./q), or another user's (@bob/q)",
      ).makeOptionMandatory(),
    )
    .option('--profile <name>', 'profile of the configuration that tm has (default: TSPIPE_PROFILE)')
    .addOption(trustOption())
    .addHelpText('after', '\nExample:\n  echo "tasks({ state: \'FAILED\' })" | tspipe repl -q pi')
    .action(run);
}

async function run({ queue: name, profile, trust }: Options): Promise<void> {
  // Task managers find the words --profile NAME by themselves; an unknown name is better refused at once.
  if (profile !== undefined) (await import('../overrides.ts')).configOfProfile(profile);
  // The package as scripts import it: what is defined at the prompt works with the same classes.
  const { openRepl, Queue } = await import('tspipe');
  const queue = new Queue(name, { create: false, trust });
  try {
    if ((await openRepl(queue)) > 0 && !process.stdin.isTTY) process.exitCode = ExitCode.FAILED;
  } finally {
    queue.close();
  }
}
