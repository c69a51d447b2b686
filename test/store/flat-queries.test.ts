import { describe, expect, it } from 'vitest';
import { TaskState } from '../../src/model/index.ts';
import {
  codesOfApp,
  codesOfTasks,
  completionCursor,
  completionsSince,
  countByState,
  countByTaskManager,
  countEndedSince,
  countFailedSince,
  countNeeded,
  culpritAmong,
  type Database,
  deleteTasks,
  heldTasks,
  killTask,
  msUntilDue,
  namesOfApps,
  newestTask,
  pendingLanes,
  retryTask,
  runningElsewhere,
  runningTasks,
  runsElsewhere,
  selectTaskEntries,
  selectTaskIds,
  selectTasks,
  statesOf,
  type TaskQuery,
  type Transaction,
  wakeDue,
} from '../../src/store/index.ts';
import { wholeTableReads } from '../helpers/query-plans.ts';
import { Graph } from './graph.ts';

const { BLOCKED, FAILED, KILLED, PENDING, RUNNING, SUCCEEDED, SUPERSEDED, UNKNOWN, WAITING } = TaskState;

/** A queue with a task in each of the usual states, and one that waits out a delay. */
function graph(): Graph {
  const made = new Graph();
  const [failed, running, done, delayed] = [made.needs(), made.needs(), made.needs(), made.needs()];
  made.claim();
  made.end(failed, 'fail');
  made.end(done, 'succeed');
  made.end(delayed, 'fail', { retries: 1, retryDelay: { first: 60, factor: 1, max: 60 } });
  made.needs(failed);
  made.needs(running);
  made.needs();
  return made;
}

const asked: Readonly<Record<string, (db: Database) => unknown>> = {
  countByState: (db) => countByState(db),
  'countByState of an app and a task manager': (db) =>
    countByState(db, { names: ['f'], taskManagers: ['tm'] }),
  countByTaskManager: (db) => countByTaskManager(db, false),
  'countByTaskManager in scope': (db) => countByTaskManager(db, true),
  pendingLanes: (db) => pendingLanes(db, 1, { scoped: false }),
  'pendingLanes in scope': (db) => pendingLanes(db, 1, { scoped: true }),
  msUntilDue: (db) => msUntilDue(db),
  runsElsewhere: (db) => runsElsewhere(db, 2),
  runningElsewhere: (db) => runningElsewhere(db, 2),
  heldTasks: (db) => heldTasks(db, 1),
  runningTasks: (db) => runningTasks(db),
  newestTask: (db) => newestTask(db),
  completionCursor: (db) => completionCursor(db),
  completionsSince: (db) => completionsSince(db, 1),
  countEndedSince: (db) => countEndedSince(db, 1),
  'countEndedSince of some': (db) => countEndedSince(db, 1, [5]),
  countFailedSince: (db) => countFailedSince(db, 1),
  'countFailedSince of some': (db) => countFailedSince(db, 1, [5]),
  countNeeded: (db) => countNeeded(db, [5]),
  culpritAmong: (db) => culpritAmong(db, [5]),
  statesOf: (db) => statesOf(db, [1, 2]),
  codesOfApp: (db) => codesOfApp(db, 'f'),
  codesOfTasks: (db) => codesOfTasks(db, { names: ['f'], states: [SUCCEEDED] }),
  namesOfApps: (db) => namesOfApps(db),
};

const changes: Readonly<Record<string, (tx: Transaction) => unknown>> = {
  wakeDue: (tx) => wakeDue(tx),
  killTask: (tx) => killTask(tx, 2, '"x"'),
  retryTask: (tx) => retryTask(tx, 1),
  deleteTasks: (tx) => deleteTasks(tx, [1, 2]),
};

const lists: readonly TaskQuery[] = [
  { rows: [1, 3] },
  { names: ['nothing'] },
  { taskManagers: ['nothing'] },
  { names: ['f'], indices: [2] },
  { indices: [2] },
  ...[BLOCKED, FAILED, KILLED, PENDING, RUNNING, SUPERSEDED, UNKNOWN].map((state) => ({ states: [state] })),
  { states: [FAILED, KILLED, UNKNOWN], names: ['f'] },
  { states: [PENDING, RUNNING], taskManagers: ['tm'], limit: 2 },
];

describe('what is asked often', () => {
  it.each(Object.entries(asked))('is answered without reading all tasks: %s', (_, ask) => {
    expect(wholeTableReads(graph().store, (tx) => ask(tx.db))).toEqual([]);
  });

  it.each(Object.entries(changes))('is changed without reading all tasks: %s', (_, change) => {
    expect(wholeTableReads(graph().store, change)).toEqual([]);
  });

  it.each(lists)('is listed without reading all tasks: %j', (query) => {
    const { store } = graph();
    expect(wholeTableReads(store, (tx) => selectTasks(tx.db, query))).toEqual([]);
    expect(wholeTableReads(store, (tx) => selectTaskIds(tx.db, query))).toEqual([]);
    expect(wholeTableReads(store, (tx) => selectTaskEntries(tx.db, query))).toEqual([]);
  });
});

describe('a list that reads tasks one after the other', () => {
  it.each<TaskQuery>([{ ids: ['00'] }, { jobs: ['1'] }, { states: [WAITING] }, { names: ['f'] }])(
    'is seen by the test above: %j',
    (query) => {
      const reads = wholeTableReads(graph().store, (tx) => selectTasks(tx.db, query));
      expect(reads).toEqual(['SCAN task']);
    },
  );
});
