/**
 * Every error code with what it means. `docs/errors.md` holds the same list with the cures; a test keeps the
 * two equal.
 */
export const ERROR_CODES = {
  NODE_TOO_OLD: 'tspipe was started with a Node older than 22.18.',
  OPTION_INVALID: 'An option has an unknown name or a value of the wrong kind.',
  NAME_UNKNOWN: 'No environment, provider or scheduler is registered under that name.',
  CONFIG_INVALID: 'A configuration file cannot be read, or holds an unknown key or a value of the wrong kind.',
  ENVIRONMENT_FAILED: 'A set-up command of an environment failed.',
  SECRET_MISSING: 'A secret of the environment is not set where the task is to run.',
  QUEUE_NAME_INVALID: 'A queue name holds something a file name cannot.',
  QUEUE_EXISTS: 'A queue that was to be created is there already.',
  QUEUE_NOT_FOUND: 'There is no queue of that name.',
  QUEUE_NOT_A_FILE: 'The path of the queue is a directory or something else that is no file.',
  QUEUE_NOT_A_QUEUE: 'The file at the path of the queue was not made by tspipe.',
  QUEUE_NOT_WRITABLE: 'The queue file or its folder cannot be written.',
  QUEUE_TOO_NEW: 'The queue file was made by a newer tspipe.',
  QUEUE_BUSY: 'Another process held the queue longer than we wait.',
  QUEUE_CLOSED: 'The queue was used after close() or delete().',
  TASK_NOT_FOUND: 'No task has that id.',
  TASK_NEEDED: 'A task cannot be removed while unfinished tasks need it.',
  VALUE_NOT_ENCODABLE: 'A value among arguments, captured data or results cannot travel to another process.',
  VALUE_TOO_DEEP: 'A value is nested deeper than 1,000 levels.',
  VALUE_MALFORMED: 'The stored text of a value is not what tspipe writes.',
  VALUE_FORMAT_NEWER: 'The stored text of a value was written by a newer tspipe.',
  VALUE_CLASS_UNKNOWN: 'A stored value is of a class that is not known in this process.',
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

/**
 * Any error that tspipe raises by itself. `code` is stable and listed in `docs/errors.md`; the message says what
 * happened, the value seen and what to do next; `cause` keeps the error underneath.
 */
export class PipeError extends Error {
  override readonly name: string = 'PipeError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
