import { TaskState } from '../model/index.ts';
import { Queue, Task } from '../queue/index.ts';
import { codesOfApp, codesOfTasks, parametersOfProgram, selectTasks, storedTexts } from '../store/index.ts';
import { taskPages } from './task-entries.ts';

/** A task that succeeded, with its values. */
export interface ResultRow {
  readonly id: string;
  readonly name: string;
  /** Number of the call among those of its app, from 0. */
  readonly index: number;
  /** Path of the file of the queue. */
  readonly queue: string;
  /** By parameter; Futures are replaced by their results. */
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly result: unknown;
  readonly seconds: number | null;
  /** Which code of the app made it: 1 for the first that the queue saw, 2 for the next. */
  readonly code: number;
}

/** The results of the tasks of an app that succeeded, in the order they were added. */
export async function* resultRows(queue: Queue, name: string): AsyncGenerator<ResultRow> {
  const host = Queue.hostOf(queue);
  const codes = host.store.read((db) => codesOfApp(db, name));
  for await (const page of taskPages(queue, { name, state: 'SUCCEEDED' })) {
    const rows = page.map(({ row }) => row.id);
    const tasks = new Map(
      host.store.read((db) => selectTasks(db, { rows })).map((row) => [row.id, new Task(host, row)]),
    );
    for (const { entry, row } of page) {
      const task = tasks.get(row.id);
      // Another process has removed it since.
      if (task === undefined) continue;
      const { id, index, seconds } = entry;
      const values = host.store.read(() => ({ arguments: task.kwargs, result: task.result }));
      const code = codes.indexOf(row.app_identity) + 1;
      yield { id, name, index, queue: queue.path, ...values, seconds, code };
    }
  }
}

/** What the results of an app have in common. */
export interface ResultColumns {
  /** Its parameters, as the code of its tasks that succeeded names them: those of every version it had. */
  readonly parameters: readonly string[];
  /** Whether not all were made by the same code. */
  readonly hasSeveralCodes: boolean;
}

/** The columns that a table of the results of an app needs. */
export function resultColumns(queue: Queue, name: string): ResultColumns {
  const { store, submitter } = Queue.hostOf(queue);
  submitter.flushNow();
  const query = { names: [name], states: [TaskState.SUCCEEDED] };
  const codes = store.read((db) => codesOfTasks(db, query));
  const lists = store.read((db) => codes.map(({ program }) => parametersOfProgram(db, program) ?? '[]'));
  const names = lists.flatMap((list) => storedTexts(list));
  const parameters = [...new Set(names.map((parameter) => parameter.replace(/^\.\.\./, '')))];
  return { parameters, hasSeveralCodes: codes.length > 1 };
}
