import { taskErrorOf } from '../queue/index.ts';
import { TaskState } from '../model/index.ts';
import { allRequirements, selectTasks, type Store } from '../store/index.ts';

const MOST = 5;

/** In words, why tasks are left WAITING or BLOCKED; a line for each of the first few. */
export function leftOver(store: Store): string[] {
  const { WAITING, BLOCKED } = TaskState;
  const blocked = store.read((db) => selectTasks(db, { states: [BLOCKED], limit: MOST }));
  const waiting = store.read((db) => selectTasks(db, { states: [WAITING], limit: MOST }));
  return [
    ...blocked.map(({ id }) => firstLine(taskErrorOf(store, id).message)),
    ...waiting.map(({ id, name, number }) => `${name}[${number}] waits for ${openRequirements(store, id)}`),
  ];
}

function openRequirements(store: Store, row: number): string {
  const rows = store.read((db) => allRequirements(db, row)).map(({ requirement }) => requirement);
  const states = [
    TaskState.WAITING,
    TaskState.PENDING,
    TaskState.RUNNING,
    TaskState.UNKNOWN,
    TaskState.SUPERSEDED,
  ];
  const open = store.read((db) => selectTasks(db, { rows, states, limit: MOST }));
  if (open.length === 0) return 'a task that was removed';
  return open.map(({ name, number, state }) => `${name}[${number}] (${stateWord(state)})`).join(', ');
}

function stateWord(state: number): string {
  return Object.entries(TaskState).find(([, code]) => code === state)?.[0] ?? '';
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
