import { Environment } from '../environment/index.ts';
import { PipeError } from '../errors.ts';
import { spawn, type SpawnTarget } from '../manager/index.ts';
import type { SpawnResult } from '../model/index.ts';
import { Future, Queue, Task, type TaskFilter, taskQuery } from '../queue/index.ts';
import { completionCursor, completionsSince, newestOfApps, newestTask, selectTasks } from '../store/index.ts';
import { settled, type SpawnOptions, TaskManager } from '../task-manager/index.ts';

/** Tasks by filter, by id or its beginning, or as they are. */
type TaskChoice = string | Task | readonly (string | Task)[] | TaskFilter;

/** Makes the names of the REPL known in its context. Nothing is promised that can be had at once. */
export function defineNames(context: object, queue: Queue): void {
  const tasks = (filter: TaskFilter = {}): Task[] => listTasks(queue, filter);
  let taskManager: TaskManager | undefined;
  const names = {
    Queue,
    TaskManager,
    Environment,
    settled,
    queue,
    tasks,
    task: (tid: string) => taskOf(queue, tid),
    retry: async (choice: TaskChoice = {}) => await queue.retry(filterOf(choice)),
    kill: async (choice: TaskChoice = {}) => await queue.kill(filterOf(choice)),
    spawn: async (target: SpawnTarget | SpawnOptions = queue, options: SpawnOptions = {}) =>
      await spawnFrom(queue, target, options),
  };
  for (const [name, value] of Object.entries(names)) define(context, name, () => value);
  define(context, 'apps', () => appsOf(queue));
  define(context, 'last', () => lastTask(queue));
  define(context, 'tm', () => {
    taskManager ??= new TaskManager({ queue });
    return taskManager;
  });
}

/** One that is declared or assigned at the prompt takes the place of ours. */
function define(context: object, name: string, get: () => unknown): void {
  Object.defineProperty(context, name, {
    get,
    set: (value: unknown) =>
      Object.defineProperty(context, name, { value, writable: true, configurable: true, enumerable: true }),
    configurable: true,
    enumerable: true,
  });
}

function listTasks(queue: Queue, filter: TaskFilter): Task[] {
  const host = Queue.hostOf(queue);
  host.submitter.flushNow();
  const query = taskQuery(host.store, filter);
  return host.store.read((db) => selectTasks(db, query)).map((row) => new Task(host, row));
}

function taskOf(queue: Queue, tid: string): Task {
  const found = listTasks(queue, { tid, limit: 6 });
  const [task] = found;
  if (task !== undefined && found.length === 1) return task;
  const ids = found.map(({ id }) => id).join(', ');
  const what = task === undefined ? `No task has id ${tid}` : `Several tasks begin with ${tid}: ${ids}`;
  throw new PipeError('TASK_NOT_FOUND', `${what}. See: tasks().`);
}

function filterOf(choice: TaskChoice): TaskFilter {
  if (typeof choice === 'string') return { tid: choice };
  if (choice instanceof Task) return { tid: choice.id };
  if (!isList(choice)) return choice;
  return { tid: choice.map((one) => (typeof one === 'string' ? one : one.id)) };
}

function isList(choice: TaskChoice): choice is readonly (string | Task)[] {
  return Array.isArray(choice);
}

async function spawnFrom(
  queue: Queue,
  target: SpawnTarget | SpawnOptions,
  options: SpawnOptions,
): Promise<SpawnResult> {
  const isTarget = target instanceof Queue || target instanceof Future || Array.isArray(target);
  return isTarget ? await spawn(target as SpawnTarget, options) : await spawn(queue, target as SpawnOptions);
}

/** The newest version of each app, as it was captured. */
function appsOf(queue: Queue): Record<string, Task['app']> {
  const host = Queue.hostOf(queue);
  host.submitter.flushNow();
  const newest = host.store.read(newestOfApps);
  return Object.fromEntries(newest.map(({ name, task }) => [name, host.taskAt(task).app]));
}

/** The task that ended last; where none has, the one added last. */
function lastTask(queue: Queue): Task | undefined {
  const host = Queue.hostOf(queue);
  host.submitter.flushNow();
  const row = host.store.read((db) => {
    const [ended] = completionsSince(db, completionCursor(db) - 1);
    return ended?.task ?? newestTask(db);
  });
  return row === 0 ? undefined : host.taskAt(row);
}
