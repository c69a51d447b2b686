import { existsSync, readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Command, Option } from 'commander';
import { SPAWN_MODES, TASK_STATES } from '../model/index.ts';
import { Queue } from '../queue/index.ts';
import { newestOfApps } from '../store/index.ts';
import { openQueues, ownQueueFiles, shortName } from './select-queues.ts';

const MOST_TASKS = 1000;

/** What the last of these words (after `tspipe`) may become. Whatever goes wrong, there is just nothing to offer. */
export async function candidates(program: Command, words: readonly string[]): Promise<string[]> {
  const typed = words.at(-1) ?? '';
  const { command, rest } = commandOf(program, words.slice(0, -1));
  try {
    const all = await possible(command, rest, typed);
    return all.filter((one) => one.startsWith(typed));
  } catch {
    return [];
  }
}

/** The command that the words lead to, and the words after its name. */
function commandOf(
  program: Command,
  words: readonly string[],
): { command: Command; rest: readonly string[] } {
  const [first, ...rest] = words;
  const below = program.commands.find((one) => one.name() === first);
  return below === undefined ? { command: program, rest: words } : commandOf(below, rest);
}

async function possible(command: Command, rest: readonly string[], typed: string): Promise<string[]> {
  if (typed.startsWith('-')) return optionsOf(command).flatMap(({ long }) => long ?? []);
  const option = openOption(command, rest);
  if (option !== undefined) return await valuesOf(option, rest, typed);
  if (command.name() === 'result') return await taskIds(rest);
  const commands = command.createHelp().visibleCommands(command);
  return [
    ...commands.map((one) => one.name()),
    ...command.registeredArguments.flatMap((one) => one.argChoices ?? []),
  ];
}

function optionsOf(command: Command): readonly Option[] {
  return command.createHelp().visibleOptions(command);
}

/** The option whose value comes next. */
function openOption(command: Command, rest: readonly string[]): Option | undefined {
  const at = rest.findLastIndex((word) => word.startsWith('-'));
  const option = command.options.find(({ long, short }) => [long, short].includes(rest[at] ?? ''));
  const isOpen = option?.required === true && (option.variadic || at === rest.length - 1);
  return isOpen ? option : undefined;
}

async function valuesOf(option: Option, rest: readonly string[], typed: string): Promise<string[]> {
  if (option.argChoices !== undefined) return [...option.argChoices];
  switch (option.long) {
    case '--queue':
      return /^(\/|\.\.?\/)/.test(typed) ? queuePaths(typed) : ownQueueFiles().map(shortName);
    case '--state':
      return /^[a-z]/.test(typed) ? TASK_STATES.map((state) => state.toLowerCase()) : [...TASK_STATES];
    case '--mode':
      return [...SPAWN_MODES];
    case '--name':
      return appNames(rest);
    case '--tid':
      return await taskIds(rest);
    default:
      return [];
  }
}

/** Queue files and folders that a path may become. */
function queuePaths(typed: string): string[] {
  const folder = typed.endsWith('/') ? typed : `${dirname(typed)}/`;
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true });
  const queues = entries.filter(({ name }) => name.endsWith('.sqlite')).map(({ name }) => name.slice(0, -7));
  // NAME.d belongs to NAME.sqlite.
  const folders = entries.filter(
    (entry) => entry.isDirectory() && !queues.includes(entry.name.replace(/\.d$/, '')),
  );
  return [...queues, ...folders.map(({ name }) => `${name}/`)].sort().map((name) => `${folder}${name}`);
}

/** The queues that the words before name. */
function namedQueues(rest: readonly string[]): Queue[] {
  const at = rest.findIndex((word) => word === '-q' || word === '--queue');
  const names = rest.slice(at + 1);
  const end = names.findIndex((word) => word.startsWith('-'));
  return at < 0 ? [] : openQueues(end < 0 ? names : names.slice(0, end));
}

function appNames(rest: readonly string[]): string[] {
  return namedQueues(rest).flatMap((queue) =>
    Queue.hostOf(queue)
      .store.read(newestOfApps)
      .map(({ name }) => name),
  );
}

async function taskIds(rest: readonly string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const queue of namedQueues(rest))
    ids.push(...(await queue.tasks({ limit: MOST_TASKS, property: 'id' })));
  return ids;
}
