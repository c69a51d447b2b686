import * as v from 'valibot';
import { TASK_STATES, TaskState } from '../model/index.ts';
import type { TaskQuery } from '../store/index.ts';
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
