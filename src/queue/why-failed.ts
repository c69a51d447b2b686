import { reviveAppValue } from '../app/index.ts';
import { PipeError } from '../errors.ts';
import { stateName, TaskState } from '../model/index.ts';
import { decodeValue } from '../serialization/index.ts';
import {
  type AttemptRow,
  attemptsOf,
  culpritAmong,
  type Database,
  selectTasks,
  type Store,
  type TaskRow,
} from '../store/index.ts';
import { lastLines, visibleLine, visibleText } from '../util/index.ts';
import { TaskError } from './task-error.ts';
import { readOutput } from './task-output.ts';

/** The error that a Future of a task without result rejects with. */
export function taskErrorOf(store: Store, row: number): TaskError {
  const task = store.read((db) => selectTasks(db, { rows: [row] }))[0];
  if (task === undefined) {
    return new TaskError(
      'TASK_REMOVED',
      `The task in row ${row} was removed from the queue. Call the app again.`,
      {
        app: '',
        taskId: '',
        state: 'UNKNOWN',
      },
    );
  }
  switch (task.state) {
    case TaskState.BLOCKED:
      return blockedError(store, task);
    case TaskState.SUPERSEDED:
      return plainError('TASK_SUPERSEDED', task, 'was called again with newer code before it started.');
    case TaskState.UNKNOWN:
      return plainError(
        'TASK_UNKNOWN',
        task,
        'is UNKNOWN: its agent vanished without proof of its death. Retry it.',
      );
    default:
      return attemptError(store, task);
  }
}

export function taskId(identity: Uint8Array): string {
  if (!(identity instanceof Uint8Array)) throw damagedIdentity(identity);
  const { buffer, byteOffset, byteLength } = identity;
  return Buffer.from(buffer, byteOffset, byteLength).toString('hex');
}

function damagedIdentity(identity: unknown): PipeError {
  return new PipeError(
    'QUEUE_DAMAGED',
    `The queue file holds ${JSON.stringify(identity)} where the identity of a task was stored. See: tspipe check.`,
  );
}

function title(task: TaskRow): string {
  return `${visibleLine(task.name)}[${task.number}] (task ${taskId(task.identity)})`;
}

function plainError(code: 'TASK_SUPERSEDED' | 'TASK_UNKNOWN', task: TaskRow, text: string): TaskError {
  return new TaskError(code, `${title(task)} ${text}`, details(task));
}

function details(task: TaskRow): { app: string; taskId: string; state: ReturnType<typeof stateName> } {
  return { app: task.name, taskId: taskId(task.identity), state: stateName(task.state) };
}

function blockedError(store: Store, task: TaskRow): TaskError {
  const culprit = store.read((db) => culpritOf(db, task.id));
  if (culprit === undefined)
    return new TaskError(
      'TASK_BLOCKED',
      `${title(task)} is blocked: a task it requires was removed from the queue. Call the app again.`,
      details(task),
    );
  const cause = taskErrorOf(store, culprit.id);
  const message = `${title(task)} is blocked: it requires ${title(culprit)}, which is ${stateName(culprit.state)}.`;
  return new TaskError('TASK_BLOCKED', `${message}\n${cause.message}`, { ...details(task), cause });
}

/** The failed task at the root of a block. */
function culpritOf(db: Database, row: number): TaskRow | undefined {
  const seen = new Set([row]);
  for (let fresh: readonly number[] = [row]; fresh.length > 0; ) {
    const found = culpritAmong(db, fresh);
    if ('culprit' in found) return selectTasks(db, { rows: [found.culprit] })[0];
    fresh = found.blocked.filter((id) => !seen.has(id));
    for (const id of fresh) seen.add(id);
  }
  return undefined;
}

function attemptError(store: Store, task: TaskRow): TaskError {
  const attempt = store.read((db) => attemptsOf(db, task.id)).at(-1);
  const cause = attempt === undefined ? undefined : attemptCause(attempt);
  const stderr = lastLines(readOutput(store, task.id, 2), 20);
  const code = task.state === TaskState.KILLED ? 'TASK_KILLED' : 'TASK_FAILED';
  const remoteMessage = messageOf(cause);
  const remoteStack = cause instanceof Error ? cause.stack : undefined;
  const parts = [`${title(task)} ${stateName(task.state)}: ${remoteMessage ?? 'no reason was recorded'}`];
  if (remoteStack !== undefined) parts.push(remoteStack.split('\n').filter(isFrame).join('\n'));
  if (stderr !== '') parts.push(`standard error ends with:\n${stderr}`);
  // Whoever prints it need not think of what a terminal obeys; the other properties hold the texts as they are.
  return new TaskError(code, visibleText(parts.filter((part) => part !== '').join('\n')), {
    ...details(task),
    remoteMessage,
    remoteStack,
    stderr: stderr === '' ? undefined : stderr,
    exitCode: attempt?.exit_code ?? undefined,
    signal: attempt?.signal ?? undefined,
    cause,
  });
}

function isFrame(line: string): boolean {
  return /^\s+at /.test(line);
}

function messageOf(cause: unknown): string | undefined {
  if (cause instanceof PipeError) return cause.message;
  if (cause instanceof Error)
    return cause.name === 'Error' ? cause.message : `${cause.name}: ${cause.message}`;
  return cause === undefined ? undefined : String(cause);
}

/** What was thrown; undefined where nothing was recorded. */
export function attemptCause(attempt: Pick<AttemptRow, 'error'>): unknown {
  if (attempt.error === null) return undefined;
  const cause = decodeValue(attempt.error, { revive: reviveAppValue });
  cleanStacks(cause);
  return cause;
}

/** Node prints the stack of an error as it is, and those of its causes. */
function cleanStacks(error: unknown): void {
  const seen = new Set<unknown>();
  for (let at = error; at instanceof Error && !seen.has(at); at = at.cause) {
    seen.add(at);
    const stack = typeof at.stack === 'string' ? visibleText(at.stack) : at.stack;
    if (stack === at.stack) continue;
    Object.defineProperty(at, 'stack', { value: stack, writable: true, configurable: true });
  }
}
