import { describe, expect, it } from 'vitest';
import { TaskState, type TaskStateCode } from '../../src/model/index.ts';
import {
  countTasks,
  ensureApp,
  ensureAppName,
  ensureCall,
  ensureLane,
  ensureTaskManager,
  insertTask,
  killTask,
  newestOfApps,
  selectTaskIds,
  selectTasks,
  type Store,
  type TaskQuery,
  type TaskRow,
  type Transaction,
} from '../../src/store/index.ts';
import { makeStore } from './graph.ts';

const NAMES = ['f', 'g', 'h'];
const MANAGERS = ['one', 'two'];

/** Adds the call of an app with some code; the state follows from `task`. */
function addTask(
  tx: Transaction,
  task: { name: string; code: string; manager: string; key: string },
): number {
  const { key, manager } = task;
  const row = { key: manager, environ: '{}', scheduler: '{}', provider: '{}' };
  const lane = { task_manager: ensureTaskManager(tx, row), cwd: '/', options: '{}', priority: 0 };
  const name = ensureAppName(tx, task.name);
  const app = ensureApp(tx, { name, kind: 'ts', identity: task.code, program: 1 });
  const call = ensureCall(tx, { name, key, args: null, blob: null });
  const identity = Buffer.from(`${task.name}${task.code}${key}`.padEnd(8, '.'));
  return insertTask(tx, {
    call: call.id,
    app,
    lane: ensureLane(tx, lane),
    identity,
    requirements: [],
    previous: call.latest,
  });
}

/** Sixty tasks of three apps and two task managers; every tenth call has older code as well, every seventh is killed. */
function mixed(): { store: Store; all: readonly TaskRow[] } {
  const store = makeStore();
  store.writeNow((tx) => {
    for (let number = 0; number < 60; number++) {
      const [name = '', manager = ''] = [NAMES[number % 3], MANAGERS[number % 2]];
      const task = { name, manager, key: String(number) };
      const ids = number % 10 === 0 ? ['a', 'b'] : ['b'];
      const [id = 0] = ids.map((code) => addTask(tx, { ...task, code })).reverse();
      if (number % 7 === 0) killTask(tx, id, '"x"');
    }
  });
  return { store, all: store.read((db) => selectTasks(db, {})) };
}

/** What a query means, in the plainest words. */
function matches(task: TaskRow, query: TaskQuery): boolean {
  const isIn = <T>(list: readonly T[] | undefined, value: T): boolean => list?.includes(value) ?? true;
  const id = Buffer.from(task.identity).toString('hex');
  return (
    isIn(query.rows, task.id) &&
    isIn(query.states, task.state) &&
    isIn(query.names, task.name) &&
    isIn(query.taskManagers, task.task_manager) &&
    isIn(query.indices, task.number) &&
    (query.ids?.some((one) => id.startsWith(one.toLowerCase())) ?? true) &&
    task.id > (query.after ?? 0)
  );
}

const KILLED: readonly TaskStateCode[] = [TaskState.KILLED];
const f = Buffer.from('f').toString('hex');
const queries: readonly TaskQuery[] = [
  {},
  { limit: 5 },
  { limit: 0 },
  { after: 20, limit: 7 },
  { states: KILLED },
  { states: KILLED, after: 20 },
  { states: [TaskState.KILLED, TaskState.PENDING] },
  { states: [TaskState.PENDING], limit: 3 },
  { states: [TaskState.SUCCEEDED] },
  { states: [] },
  { names: ['g'] },
  { names: ['g', 'h'], states: KILLED, taskManagers: ['two'] },
  { names: ['nothing'] },
  { taskManagers: ['one'], limit: 9 },
  { indices: [0, 7] },
  { indices: [] },
  { names: ['h'], indices: [3] },
  { names: ['h'], indices: [3], states: KILLED },
  { names: ['h'], indices: [1000] },
  { ids: [f] },
  { ids: [`${f}6`, `${f}62`] },
  { ids: ['zz'] },
  { ids: [''] },
  { ids: [], limit: 1 },
  { rows: [3, 4, 1000] },
  { rows: [3, 4], states: KILLED },
];

describe('a list of tasks', () => {
  it.each(queries)('holds what matches, in the order of adding: %j', (query) => {
    const { store, all } = mixed();
    const wanted = all.filter((task) => matches(task, query)).slice(0, query.limit);
    expect(store.read((db) => selectTasks(db, query))).toEqual(wanted);
    expect(store.read((db) => selectTaskIds(db, query))).toEqual(wanted.map(({ id }) => id));
    expect(store.read((db) => countTasks(db, query))).toBe(wanted.length);
  });

  it('finds a task by its whole id, in whatever case, and both the older and the newer task of a call', () => {
    const { store, all } = mixed();
    for (const task of all.slice(0, 20)) {
      const id = Buffer.from(task.identity).toString('hex');
      expect(store.read((db) => selectTaskIds(db, { ids: [id.toUpperCase()] }))).toEqual([task.id]);
    }
    const { length } = store.read((db) => selectTasks(db, { names: ['f'], indices: [0] }));
    expect(length).toBe(2);
  });
});

describe('newestOfApps', () => {
  it('gives the newest task of each app, the apps by name', () => {
    const { store, all } = mixed();
    const newest = NAMES.map((name) => ({ name, task: all.findLast((task) => task.name === name)?.id }));
    expect(store.read(newestOfApps)).toEqual(newest);
  });
});
