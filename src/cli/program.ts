import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { addCheck } from './commands/check.ts';
import { addCompletion } from './commands/completion.ts';
import { addConfig } from './commands/config.ts';
import { addDelete } from './commands/delete.ts';
import { addKill } from './commands/kill.ts';
import { addPause } from './commands/pause.ts';
import { addQueues } from './commands/queues.ts';
import { addResult } from './commands/result.ts';
import { addResults } from './commands/results.ts';
import { addRepl } from './commands/repl.ts';
import { addResume } from './commands/resume.ts';
import { addRetry } from './commands/retry.ts';
import { addSpawn } from './commands/spawn.ts';
import { addTasks } from './commands/tasks.ts';
import { addTime } from './commands/time.ts';
import { addWork } from './commands/work.ts';
import { hasColour } from './terminal.ts';

// One line for each command, in the order of the help. A command loads the rooms it works with when it is run.
const COMMANDS = [
  addSpawn,
  addQueues,
  addTasks,
  addTime,
  addResult,
  addResults,
  addPause,
  addResume,
  addRetry,
  addKill,
  addDelete,
  addCheck,
  addWork,
  addRepl,
  addConfig,
  addCompletion,
];

/** All commands with their options, for the command line and for whatever is generated from it. */
export function makeProgram(): Command {
  const program = new Command('tspipe')
    .enablePositionalOptions()
    .description(
      'Runs the tasks that scripts put into queues, and shows what became of them.\n' +
        'A script makes a queue with new Queue(name), makes functions callable as tasks, and calls them.',
    )
    .version(readVersion(), '-V, --version', 'show the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', 'show the help of a command')
    .showHelpAfterError('Try: tspipe --help')
    .configureOutput({
      getOutHasColors: () => hasColour(process.stdout),
      getErrHasColors: () => hasColour(process.stderr),
    })
    .exitOverride();
  for (const add of COMMANDS) {
    const command = add(program);
    command
      .option('--debug', 'show the stack of an error')
      .helpOption('-h, --help', 'show help')
      .showHelpAfterError(`Try: tspipe ${command.name()} --help`);
  }
  return program;
}

function readVersion(): string {
  const path = join(import.meta.dirname, '../../package.json');
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
}
