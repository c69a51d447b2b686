import * as v from 'valibot';
import { PipeError } from '../errors.ts';
import { TASK_STATES, TaskState } from '../model/index.ts';
import { selectTasks, type Store, type TaskQuery } from '../store/index.ts';
import { parseOptions, wholeNumber } from '../util/index.ts';
import type { Task } from './task.ts';

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

/** A filter as the store takes it. Throws `OPTION_INVALID`, and `TASK_NOT_FOUND` where there is no task `after`. */
export function taskQuery(store: Store, filter: TaskFilter): TaskQuery {
  const parsed = parseOptions(filterSchema, filter, 'task filter');
  return {
    ids: list(parsed.tid),
    states: list(parsed.state)?.map((name) => TaskState[name]),
    taskManagers: list(parsed.mid),
    jobs: list(parsed.jobid),
    names: list(parsed.name),
    indices: list(parsed.index),
    limit: parsed.limit,
    after: parsed.after === undefined ? undefined : rowOf(store, parsed.after),
  };
}

function rowOf(store: Store, id: string): number {
  const row = store.read((db) => selectTasks(db, { ids: [id], limit: 1 }))[0];
  if (row !== undefined) return row.id;
  throw new PipeError('TASK_NOT_FOUND', `No task has id ${id}, after which to begin.`);
}

function list<T>(one: T | T[] | undefined): T[] | undefined {
  return one === undefined ? undefined : Array.isArray(one) ? one : [one];
}
