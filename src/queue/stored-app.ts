import {
  type AnyFunction,
  createApp,
  type LaneOptions,
  loadFunction,
  optionsOfLane,
  type UntypedApp,
} from '../app/index.ts';
import type { Program } from '../capture/index.ts';
import { PipeError } from '../errors.ts';
import {
  laneRow,
  programRow,
  type TaskRow,
  taskManagerRow,
  storedObject,
  storedTexts,
} from '../store/index.ts';
import type { TaskHost } from './task-host.ts';

/** The code of a task. */
export function storedProgram(host: TaskHost, id: number): Program {
  const row = host.store.read((db) => programRow(db, id));
  if (row === undefined)
    throw new PipeError('TASK_NOT_FOUND', 'The code of the task is gone from the queue.');
  return {
    identity: row.identity,
    text: row.text,
    blobs: host.store.blobs.read(row.blob),
    source: row.source,
    parameters: storedTexts(row.parameters),
    file: row.file ?? undefined,
    line: row.line ?? undefined,
    packages: [],
    captures: [],
    bytes: row.text.length,
  };
}

/** An app from the file: the code, task manager, options and identity that the task has. */
export function storedApp(host: TaskHost, row: TaskRow): UntypedApp {
  const program = storedProgram(host, row.program);
  const { lane, manager } = host.store.read((db) => ({
    lane: laneRow(db, row.lane),
    manager: taskManagerRow(db, row.task_manager),
  }));
  if (lane === undefined || manager === undefined) {
    throw new PipeError('TASK_NOT_FOUND', 'The task manager of the task is gone from the queue.');
  }
  const { key, environ, scheduler, provider } = manager;
  const stored = storedObject<LaneOptions>(lane.options);
  const run: AnyFunction = async (...args: unknown[]) =>
    Reflect.apply((await loadFunction(program, refuseCalls)).instance().fn, undefined, args);
  return createApp({
    name: row.name,
    kind: row.kind === 'bash' ? 'bash' : 'ts',
    fn: run,
    receiver: undefined,
    options: { ...optionsOfLane(stored), priority: lane.priority },
    identity: row.app_identity,
    versions: stored.versions,
    taskManager: { key, environ, scheduler, provider, environIdentity: host.environIdentity(environ) },
    program: () => program,
    verifyUnchanged: () => undefined,
    submit: (call) => host.submit(call),
    whyImpossible: () => undefined,
  });
}

/** What calls of apps do where nothing may be added to the queue. */
export function refuseCalls(): never {
  throw new PipeError(
    'ARGUMENT_INVALID',
    'task.run() writes nothing to the queue, and this function calls an app. Run the queue instead: spawn(queue).',
  );
}
