import { showQueues } from './show-queues.ts';

const COMMANDS: readonly (readonly [string, string])[] = [
  ['tspipe spawn -q NAME', 'run the tasks of a queue'],
  ['tspipe tasks -q NAME --state failed', 'see what failed'],
  ['tspipe result -q NAME TASK', 'print a result, or the error'],
  ['tspipe retry -q NAME --spawn', 'run again what failed'],
  ['tspipe kill -q NAME', 'end what runs'],
];

/** `tspipe` alone: what it is, the queues of this user, and the commands to begin with. */
export async function showOverview(): Promise<void> {
  process.stdout.write(
    'tspipe runs the tasks that scripts put into queues,\nand shows what became of them.\n\n',
  );
  await showQueues(undefined, false);
  const width = Math.max(...COMMANDS.map(([words]) => words.length));
  const lines = COMMANDS.map(([words, meaning]) => `  ${words.padEnd(width)}  ${meaning}`);
  process.stdout.write(`\n${lines.join('\n')}\n\nAll commands: tspipe --help\n`);
}
