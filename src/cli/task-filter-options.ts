import { type Command, InvalidArgumentError, Option } from 'commander';
import { TASK_STATES, type TaskStateName } from '../model/index.ts';
import { unknownName } from '../util/index.ts';

/** Which tasks, as the options of a command say. */
export interface FilterOptions {
  readonly state?: readonly TaskStateName[];
  readonly tid?: readonly string[];
  readonly name?: readonly string[];
  readonly mid?: readonly string[];
  readonly jobid?: readonly string[];
}

const GROUP = 'Which tasks:';

/** Adds `--state --tid --name --mid --jobid`; `states` says in words which states are meant without `--state`. */
export function addFilterOptions(command: Command, states: string): Command {
  return command
    .addOption(stateOption(states))
    .addOption(group('--tid <id...>', 'ids of tasks, or their beginnings').argParser(collect(taskIdPrefix)))
    .addOption(group('--name <app...>', 'names of apps'))
    .addOption(group('--mid <id...>', 'ids of task managers'))
    .addOption(group('--jobid <job...>', 'jobs that run or ran them'));
}

/** The filter for the queue; undefined values left out. */
export function taskFilter({ state, tid, name, mid, jobid }: FilterOptions): {
  state?: TaskStateName[];
  tid?: string[];
  name?: string[];
  mid?: string[];
  jobid?: string[];
} {
  return {
    ...(state === undefined ? {} : { state: [...state] }),
    ...(tid === undefined ? {} : { tid: [...tid] }),
    ...(name === undefined ? {} : { name: [...name] }),
    ...(mid === undefined ? {} : { mid: [...mid] }),
    ...(jobid === undefined ? {} : { jobid: [...jobid] }),
  };
}

/** The same in the words of the command line; empty where nothing was said. */
export function describeFilter({ state, tid, name, mid, jobid }: FilterOptions): string {
  return Object.entries({ state, tid, name, mid, jobid })
    .filter(([, values]) => values !== undefined)
    .map(([option, values]) => `--${option} ${values?.join(' ')}`)
    .join(' ');
}

function stateOption(states: string): Option {
  // Commander shows no default where the value is undefined, so that the words stand in the description.
  return group(
    '--state <state...>',
    `states, in any case, of ${TASK_STATES.join(', ')} (default: ${states})`,
  ).argParser(collect(taskState));
}

/** Several values after one option, or with commas between them. */
function collect<T>(parse: (word: string) => T): (text: string, before: readonly T[] | undefined) => T[] {
  return (text, before = []) => [...before, ...text.split(',').filter(Boolean).map(parse)];
}

function taskState(word: string): TaskStateName {
  const state = TASK_STATES.find((known) => known === word.toUpperCase());
  if (state !== undefined) return state;
  throw new InvalidArgumentError(unknownName('State', word, TASK_STATES));
}

function taskIdPrefix(word: string): string {
  if (/^[0-9a-f]{1,64}$/i.test(word)) return word.toLowerCase();
  throw new InvalidArgumentError('It must be the beginning of a task id: hex digits.');
}

function group(flags: string, description: string): Option {
  return new Option(flags, description).helpGroup(GROUP);
}
