import { Queue } from '../queue/index.ts';
import { programRow } from '../store/index.ts';
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
}

/** The results of the tasks of an app that succeeded, in the order they were added. */
export async function* resultRows(queue: Queue, name: string): AsyncGenerator<ResultRow> {
  const host = Queue.hostOf(queue);
  for await (const page of taskPages(queue, { name, state: 'SUCCEEDED' })) {
    for (const { entry, row } of page) {
      const task = host.taskAt(row.id);
      const { id, index, seconds } = entry;
      yield { id, name, index, queue: queue.path, arguments: task.kwargs, result: task.result, seconds };
    }
  }
}

/** The parameters of an app, as the code of its tasks that succeeded names them: those of every version it had. */
export async function parametersOf(queue: Queue, name: string): Promise<string[]> {
  const { store } = Queue.hostOf(queue);
  const programs = new Set<number>();
  for await (const page of taskPages(queue, { name, state: 'SUCCEEDED' })) {
    for (const { row } of page) programs.add(row.program);
  }
  const lists = [...programs].map((id) => store.read((db) => programRow(db, id))?.parameters ?? '[]');
  const names = lists.flatMap((list) => JSON.parse(list) as string[]);
  return [...new Set(names.map((parameter) => parameter.replace(/^\.\.\./, '')))];
}
