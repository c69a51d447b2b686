// Writes docs/command-line.md from the program itself: node scripts/command-line.ts
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { makeProgram } from '../src/cli/program.ts';

const WIDTH = 100;

const INTRODUCTION = `# The command line

This page is written by \`node scripts/command-line.ts\` from the program; what it says is what \`tspipe help\` says. \`tspipe\` alone shows your queues and the commands to begin with.

- **Queues** (\`-q\`): a name is a queue of yours, \`@bob/q\` one of another user; what begins with \`./\`, \`../\` or \`/\` is a path; a glob (in quotes) means all that match. Several are possible where the help says \`<name...>\`.
- **Tasks**: \`--state\` takes states in any case, several, also with commas between them. For \`--tid\` the beginning of an id is enough; where tasks are changed it must mean one task.
- **\`--json\`** gives one document with stable names, see [json.md](json.md). A closed pipe (\`tspipe tasks -q pi | head\`) ends quietly.
- **Colour** is for terminals only, and never where \`NO_COLOR\` is set.
- **Exit codes**: 0 done · 1 some task of this run did not succeed, nothing matched, or the thing asked for could not be done · 2 wrong usage · 130 interrupted.
- **Errors** are one line, \`tspipe: CODE: what happened and what to do\`; see [errors.md](errors.md). \`--debug\` adds where it comes from.
`;

/** The text of docs/command-line.md. */
export function commandLinePage(): string {
  const program = makeProgram();
  const sections = commandsOf(program).flatMap((command) => sectionsOf(command, 'tspipe'));
  return [INTRODUCTION, section('tspipe', program), ...sections].join('\n');
}

function sectionsOf(command: Command, above: string): string[] {
  const words = `${above} ${command.name()}`;
  return [section(words, command), ...commandsOf(command).flatMap((one) => sectionsOf(one, words))];
}

/** Those that the help lists, without the help itself. */
function commandsOf(command: Command): Command[] {
  const visible = command.createHelp().visibleCommands(command);
  return command.commands.filter((one) => visible.includes(one));
}

function section(words: string, command: Command): string {
  return `## \`${words}\`\n\n\`\`\`text\n${helpOf(command).trim()}\n\`\`\`\n`;
}

/** The help with the examples after it, as it is on a terminal of fixed width without colours. */
function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({
    writeOut: (part) => {
      text += part;
    },
    getOutHelpWidth: () => WIDTH,
    getOutHasColors: () => false,
  });
  command.outputHelp();
  return text;
}

if (import.meta.main) writeFileSync(join(import.meta.dirname, '../docs/command-line.md'), commandLinePage());
