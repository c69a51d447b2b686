import { type ErrorCode, PipeError } from '../errors.ts';
import { registerOwnClass } from '../serialization/index.ts';
import type { TaskStateName } from '../model/index.ts';

/** What a `TaskError` knows of its task. */
export interface TaskErrorDetails {
  readonly app: string;
  readonly taskId: string;
  readonly state: TaskStateName;
  /** Message of the error as it was raised on the worker. */
  readonly remoteMessage?: string | undefined;
  /** Stack on the worker, pointing into the user's file. */
  readonly remoteStack?: string | undefined;
  /** Last lines of standard error. */
  readonly stderr?: string | undefined;
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
}

/**
 * Why a Future has no result. `code` is `TASK_FAILED`, `TASK_KILLED`, `TASK_BLOCKED`, `TASK_UNKNOWN`,
 * `TASK_SUPERSEDED` or `TASK_REMOVED`; `cause` is the error as raised on the worker, where it could travel.
 */
export class TaskError extends PipeError {
  override readonly name = 'TaskError';
  readonly app: string;
  readonly taskId: string;
  readonly state: TaskStateName;
  readonly remoteMessage: string | undefined;
  readonly remoteStack: string | undefined;
  readonly stderr: string | undefined;
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;

  constructor(code: ErrorCode, message: string, details: TaskErrorDetails & { readonly cause?: unknown }) {
    super(code, message, { cause: details.cause });
    this.app = details.app;
    this.taskId = details.taskId;
    this.state = details.state;
    this.remoteMessage = details.remoteMessage;
    this.remoteStack = details.remoteStack;
    this.stderr = details.stderr;
    this.exitCode = details.exitCode;
    this.signal = details.signal;
  }
}

let isRegistered = false;

/** Lets the errors of tspipe travel as what they are. Call before values are encoded or decoded. */
export function registerErrors(): void {
  if (isRegistered) return;
  isRegistered = true;
  registerOwnClass(TaskError, {
    name: 'tspipe.TaskError',
    encode: ({
      code,
      message,
      stack,
      cause,
      app,
      taskId,
      state,
      remoteMessage,
      remoteStack,
      stderr,
      exitCode,
      signal,
    }) => ({
      ...{
        code,
        message,
        stack,
        cause,
        app,
        taskId,
        state,
        remoteMessage,
        remoteStack,
        stderr,
        exitCode,
        signal,
      },
    }),
    decode: (data) => {
      const { code, message, stack, ...details } = data as TaskErrorDetails & TaskError;
      return withStack(new TaskError(code, message, details), stack);
    },
  });
  registerOwnClass(PipeError, {
    name: 'tspipe.PipeError',
    encode: ({ code, message, stack, cause }) => ({ code, message, stack, cause }),
    decode: (data) => {
      const { code, message, stack, cause } = data as PipeError;
      return withStack(new PipeError(code, message, { cause }), stack);
    },
  });
}

/** An error made without a stack on purpose does not get one from where it is decoded. */
function withStack<E extends Error>(error: E, stack: string | undefined): E {
  error.stack = stack ?? `${error.name}: ${error.message}`;
  return error;
}
