import { join, relative } from 'node:path';
import { type Command, CommanderError } from 'commander';
import { readWords } from '../../../src/cli/complete-words.ts';
import { makeProgram } from '../../../src/cli/program.ts';
import { queuePath } from '../../../src/queue/index.ts';
import { mutateText } from '../mutate-text.ts';
import { readOrRefuse } from '../refusals.ts';
import { demand, type Target } from '../target.ts';

const SOUND: readonly string[] = [
  'spawn -q pi --mode no_stream --timeout 10',
  'queues -q pi sims* --json',
  'tasks -q ./a/pi --state failed,killed --name f --property out err',
  'time -q @bob/pi --json',
  'result -q pi f 0',
  'results -q pi --name f --limit 5',
  'retry -q pi --tid 0123abcd --state UNKNOWN',
  'kill -q /tmp/pi --all',
  'delete -q pi --force',
  'check -q pi --json',
  'config set scheduler.maxWorkers 4 --project',
  'completion bash',
  'help tasks',
  'work -q pi --debug',
];

/** One word a line, as a shell hands them over. */
const LINES = SOUND.map((words) => words.replaceAll(' ', '\n'));

/** Words after `tspipe`, up to where a command would begin. */
export function commandLine(folder: string): Target {
  const program = makeProgram();
  let reached: Command | undefined;
  for (const command of allCommands(program)) {
    command.configureOutput({ writeOut: () => undefined, writeErr: () => undefined }).exitOverride();
    if (command.commands.length === 0) {
      command.action(() => {
        reached = command;
      });
    }
  }
  return {
    input: (random) => mutateText(random, random.pick(LINES) ?? '', LINES),
    read(input) {
      const words = input.split('\n');
      readWords(program, words);
      for (const word of words) assertInside(folder, word);
      reached = undefined;
      try {
        program.parse(words, { from: 'user' });
      } catch (error) {
        // It has said what is wrong, or shown help.
        if (error instanceof CommanderError) return false;
        throw error;
      }
      return reached !== undefined && assertKnown(reached, words);
    },
  };
}

function allCommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(allCommands)];
}

/** Nothing was taken that its command does not have. */
function assertKnown(command: Command, words: readonly string[]): true {
  const known = new Set(command.options.map((option) => option.attributeName()));
  for (const name of Object.keys(command.opts())) demand(known.has(name), `the option ${name}`);
  demand(
    words.includes(command.name()) || words.includes(command.parent?.name() ?? ''),
    `${command.name()}, which nobody said`,
  );
  return true;
}

/** A name is a file below the folder; what leads elsewhere says so at its beginning. */
function assertInside(folder: string, word: string): void {
  const path = readOrRefuse(() => queuePath(word, join(folder, 'base')))?.value;
  if (path === undefined || /^(\/|\.\.?\/)/.test(word)) return;
  const inside = relative(join(folder, 'base'), path);
  demand(!/^\.\.(\/|$)/.test(inside) && path.endsWith('.sqlite'), `${JSON.stringify(word)} leads to ${path}`);
}
