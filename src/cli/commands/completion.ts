import { type Command, Argument } from 'commander';
import { visibleLine } from '../../util/index.ts';
import { completionScript, type Shell } from '../completion-script.ts';

export function addCompletion(program: Command): Command {
  // What the scripts call while somebody types.
  program
    .command('complete', { hidden: true })
    .argument('[words...]')
    .action((words: string[]) => complete(program, words));
  return program
    .command('completion')
    .summary('print the completion script of a shell')
    .description(
      'Prints a script that lets a shell complete commands, options, states, and names of queues, apps and tasks.\n' +
        'Load it where the shell starts: in ~/.bashrc, in ~/.zshrc after compinit, or for fish in\n' +
        '~/.config/fish/completions/tspipe.fish.',
    )
    .addArgument(new Argument('<shell>', 'the shell').choices(['bash', 'zsh', 'fish']))
    .addHelpText('after', '\nExample:\n  eval "$(tspipe completion bash)"')
    .action((shell: Shell) => {
      process.stdout.write(completionScript(shell));
    });
}

async function complete(program: Command, words: readonly string[]): Promise<void> {
  const { candidates } = await import('../complete.ts');
  process.stdout.write(
    candidates(program, words)
      // One with control characters nobody could choose, and a shell would show it.
      .filter((candidate) => visibleLine(candidate) === candidate)
      .map((candidate) => `${candidate}\n`)
      .join(''),
  );
}
