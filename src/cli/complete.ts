import type { Command, Option } from 'commander';
import { loadConfig } from '../config/index.ts';
import { SPAWN_MODES, TASK_STATES } from '../model/index.ts';
import { Queue, taskId } from '../queue/index.ts';
import { namesOfApps, selectTasks, type TaskQuery, type TaskRow } from '../store/index.ts';
import { queueCandidates } from './complete-queues.ts';
import { type OpenWord, readWords } from './complete-words.ts';
import { openQueues } from './select-queues.ts';

const MOST_TASKS = 1000;

// Several values of these may stand in one word, with commas between them.
const LISTS = new Set(['--state', '--tid', '--mode']);

/** What the last of these words (after `tspipe`) may become. Whatever goes wrong, there is just nothing to offer. */
export function candidates(program: Command, words: readonly string[]): string[] {
  const read = readWords(program, words);
  try {
    const { prefix, typed } = beyondComma(read);
    const all = possible({ ...read, prefix, typed });
    return [...new Set(all)].filter((one) => one.startsWith(typed)).map((one) => `${prefix}${one}`);
  } catch {
    return [];
  }
}

function beyondComma({ option, prefix, typed }: OpenWord): { prefix: string; typed: string } {
  const comma = LISTS.has(option?.long ?? '') ? typed.lastIndexOf(',') + 1 : 0;
  return { prefix: prefix + typed.slice(0, comma), typed: typed.slice(comma) };
}

function possible(read: OpenWord): string[] {
  const { command, option, operands, typed, queues } = read;
  if (option !== undefined) return valuesOf(option, read);
  const help = command.createHelp();
  if (typed.startsWith('-')) return help.visibleOptions(command).flatMap(({ long }) => long ?? []);
  if (command.name() === 'result') return operands.length === 0 ? taskNames(queues, typed) : [];
  const choices = command.registeredArguments[operands.length]?.argChoices ?? [];
  const isCommandNext = operands.length === 0 || (operands.length === 1 && operands[0] === 'help');
  return [...choices, ...(isCommandNext ? help.visibleCommands(command).map((one) => one.name()) : [])];
}

function valuesOf(option: Option, { typed, queues }: OpenWord): string[] {
  if (option.argChoices !== undefined) return [...option.argChoices];
  switch (option.long) {
    case '--queue':
      return queueCandidates(typed);
    case '--state':
      return /^[a-z]/.test(typed) ? TASK_STATES.map((state) => state.toLowerCase()) : [...TASK_STATES];
    case '--mode':
      return [...SPAWN_MODES];
    case '--name':
      return openQueues(queues).flatMap(appNames);
    case '--profile':
      return Object.keys(loadConfig().profiles);
    case '--tid':
      return taskIds(queues, typed);
    default:
      return [];
  }
}

function appNames(queue: Queue): string[] {
  return Queue.hostOf(queue).store.read(namesOfApps);
}

/** `fit[3]` for the first tasks of each app; ids where one is begun, because nobody chooses from all of them. */
function taskNames(queues: readonly string[], typed: string): string[] {
  const apps = openQueues(queues).flatMap(appNames);
  const [begun] = typed.split('[');
  const names = apps.filter((name) => (typed.includes('[') ? name === begun : name.startsWith(typed)));
  const tasks = names.flatMap((name) => firstTasks(queues, { names: [name] }));
  return [
    ...tasks.map(({ name, number }) => `${name}[${number}]`),
    ...(typed === '' ? [] : taskIds(queues, typed)),
  ];
}

function taskIds(queues: readonly string[], typed: string): string[] {
  if (!/^[0-9a-f]*$/.test(typed)) return [];
  const query = typed === '' ? {} : { ids: [typed] };
  return firstTasks(queues, query).map(({ identity }) => taskId(identity));
}

function firstTasks(queues: readonly string[], query: TaskQuery): TaskRow[] {
  return openQueues(queues).flatMap((queue) =>
    Queue.hostOf(queue).store.read((db) => selectTasks(db, { ...query, limit: MOST_TASKS })),
  );
}
