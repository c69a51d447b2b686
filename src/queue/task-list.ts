import { selectTaskIds, selectTasks, type TaskQuery, taskRowPages } from '../store/index.ts';
import type { QueueHost } from './queue-host.ts';
import { Task } from './task.ts';
import { type TaskFilter, taskQuery } from './task-filter.ts';

/** What `queue.tasks()` gives: an array when awaited, else an async iterator. */
export interface TaskList<T> extends PromiseLike<T[]>, AsyncIterable<T> {}

const PAGE = 500;

export function taskListPage(host: QueueHost, filter: TaskFilter): TaskList<unknown> {
  const { property } = filter;
  const view = (task: Task): unknown => (property === undefined ? task : task[property]);
  const select = (query: TaskQuery) => host.store.read((db) => selectTasks(db, query));
  const selectRows = (query: TaskQuery) =>
    host.store.read((db) => selectTaskIds(db, query)).map((id) => ({ id }));
  const iterate = async function* (): AsyncGenerator<unknown> {
    host.submitter.flushNow();
    const query = taskQuery(host.store, filter);
    if (property === 'row') {
      for (const rows of taskRowPages(query, PAGE, selectRows)) yield* rows.map(({ id }) => id);
    } else {
      for (const rows of taskRowPages(query, PAGE, select)) {
        for (const row of rows) yield view(new Task(host, row));
      }
    }
  };
  return {
    [Symbol.asyncIterator]: iterate,
    // biome-ignore lint/suspicious/noThenProperty: a list can be awaited as a whole or read page by page.
    then: (resolve, reject) => Array.fromAsync(iterate()).then(resolve, reject),
  };
}
