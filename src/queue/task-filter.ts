import * as v from 'valibot';
import { TASK_STATES, TaskState } from '../model/index.ts';
import { selectTasks, type TaskQuery } from '../store/index.ts';
import { parseOptions, wholeNumber } from '../util/index.ts';
import type { TaskList } from './queue.ts';
import type { QueueHost } from './queue-host.ts';
import { Task } from './task.ts';

const text = v.union([v.string(), v.array(v.string())], 'a text or a list of texts');
const state = v.picklist(TASK_STATES, `one of ${TASK_STATES.join(', ')}`);
const index = wholeNumber(0);

const PROPERTIES = [
  'row',
  'id',
  'name',
  'index',
  'state',
  'mid',
  'args',
  'kwargs',
  'requireIds',
  'attempts',
  'jobid',
  'errno',
  'out',
  'err',
  'versions',
  'result',
  't0',
  'dtime',
] as const satisfies readonly (keyof Task)[];

/** A property of a task that `queue.tasks({ property })` can list alone. */
export type TaskProperty = (typeof PROPERTIES)[number];

const filterSchema = v.strictObject({
  tid: v.optional(text),
  state: v.optional(v.union([state, v.array(state)], `one of ${TASK_STATES.join(', ')}, or a list`)),
  mid: v.optional(text),
  jobid: v.optional(text),
  name: v.optional(text),
  index: v.optional(v.union([index, v.array(index)], 'a whole number or a list')),
  limit: v.optional(wholeNumber(0)),
  after: v.optional(v.string('a task id')),
  property: v.optional(v.picklist(PROPERTIES, `one of ${PROPERTIES.join(', ')}`)),
});

/**
 * Which tasks: by id or beginning of it (`tid`), `state`, task manager (`mid`), `jobid`, app `name`, `index` of the
 * call; one or several of each. `limit` and `after` (a task id) give pages.
 */
export type TaskFilter = v.InferInput<typeof filterSchema>;

export function taskQuery(filter: TaskFilter): TaskQuery & { readonly afterId?: string | undefined } {
  const parsed = parseOptions(filterSchema, filter, 'task filter');
  return {
    ids: list(parsed.tid),
    states: list(parsed.state)?.map((name) => TaskState[name]),
    taskManagers: list(parsed.mid),
    jobs: list(parsed.jobid),
    names: list(parsed.name),
    indices: list(parsed.index),
    limit: parsed.limit,
    afterId: parsed.after,
  };
}

function list<T>(one: T | T[] | undefined): T[] | undefined {
  return one === undefined ? undefined : Array.isArray(one) ? one : [one];
}

const PAGE = 500;

export function taskListPage(host: QueueHost, filter: TaskFilter): TaskList<unknown> {
  const { property } = filter;
  const { afterId, ...query } = taskQuery(filter);
  const view = (task: Task): unknown => (property === undefined ? task : task[property]);
  const iterate = async function* (): AsyncGenerator<unknown> {
    host.submitter.flushNow();
    let after = afterId === undefined ? 0 : rowOf(host, afterId);
    let left = query.limit ?? Infinity;
    while (left > 0) {
      const limit = Math.min(PAGE, left);
      const rows = host.store.read((db) => selectTasks(db, { ...query, limit, after }));
      for (const row of rows) yield view(new Task(host, row));
      if (rows.length < limit) return;
      left -= rows.length;
      after = rows.at(-1)?.id ?? after;
    }
  };
  return {
    [Symbol.asyncIterator]: iterate,
    // biome-ignore lint/suspicious/noThenProperty: a list can be awaited as a whole or read page by page.
    then: (resolve, reject) => Array.fromAsync(iterate()).then(resolve, reject),
  };
}

function rowOf(host: QueueHost, id: string): number {
  return host.store.read((db) => selectTasks(db, { ids: [id], limit: 1 }))[0]?.id ?? 0;
}
