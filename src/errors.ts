/**
 * Every error code with what it means. `docs/errors.md` holds the same list with the cures; a test keeps the
 * two equal.
 */
export const ERROR_CODES = {
  NODE_TOO_OLD: 'tspipe was started with a Node older than 22.18.',
  OPTION_INVALID: 'An option has an unknown name or a value of the wrong kind.',
  NAME_UNKNOWN: 'There is no environment, provider, scheduler or profile of that name.',
  CONFIG_INVALID:
    'A configuration file cannot be read, or holds an unknown key or a value of the wrong kind.',
  ENVIRONMENT_FAILED: 'A set-up command of an environment failed.',
  SECRET_MISSING: 'A secret of the environment is not set where the task is to run.',
  SECRET_REFUSED: 'The value of a secret would be stored in the queue.',
  QUEUE_NAME_INVALID: 'A queue name holds something a file name cannot.',
  QUEUE_EXISTS: 'A queue that was to be created is there already.',
  QUEUE_NOT_FOUND: 'There is no queue of that name.',
  QUEUE_NOT_A_FILE: 'The path of the queue is a directory or something else that is no file.',
  QUEUE_NOT_A_QUEUE: 'The file at the path of the queue was not made by tspipe.',
  QUEUE_DAMAGED: 'The queue file, or a file beside it, does not hold what tspipe wrote.',
  QUEUE_NOT_WRITABLE: 'The queue file or its folder cannot be written.',
  QUEUE_NOT_READABLE: 'The queue file cannot be read.',
  QUEUE_READ_ONLY: "The queue is open for reading only: it is another user's, or cannot be written.",
  QUEUE_NOT_TRUSTED: 'The queue is not run: others than its user could put code into it.',
  DISK_FULL: 'There is no room on the disk of the queue, or it cannot be written.',
  QUEUE_TOO_NEW: 'The queue file was made by a newer tspipe.',
  QUEUE_MODE: 'The queue is for one machine, or for many hosts, where the other is needed.',
  QUEUE_STALE: 'This host is shown an old copy of a shared queue.',
  PATH_UNSAFE: 'A symbolic link stands where a file or folder of the queue is to be written.',
  QUEUE_BUSY: 'Another process held the queue longer than we wait.',
  QUEUE_CLOSED: 'The queue was used after close() or delete().',
  TASK_NOT_FOUND: 'No task has that id.',
  AGENT_FAILED: 'Agents end before they begin.',
  CONTEXT_MISSING: '`context` was used outside a running task.',
  APP_UNNAMED: 'An app is made from a function without a name.',
  APP_INVALID: 'What was decorated, or given to an app, cannot be an app.',
  ARGUMENT_INVALID: 'An argument of an app cannot be used.',
  FUTURE_FOREIGN: 'A Future of another queue is among the arguments.',
  FUTURE_AS_VALUE: 'A Future was used as if it were its result.',
  RESOURCES_IMPOSSIBLE: 'A task asks for more than any host of its provider has.',
  REUSE_MISMATCH: '`reuse` by index found a task with other arguments.',
  COMMAND_INVALID: 'A bash app returned neither a command line nor a list of arguments, or an empty one.',
  COMMAND_FAILED: 'The command of a bash app did not succeed.',
  RESULT_TOO_LARGE: 'A result is larger than the queue keeps.',
  SPAWN_IN_TASK: '`spawn` was called inside a task.',
  TASK_FAILED: 'The task raised an error, or its command did not succeed.',
  TASK_KILLED: 'The task was ended by a signal, a time-out, a limit or a user.',
  TASK_BLOCKED: 'A task that this one requires did not succeed.',
  TASK_UNKNOWN: 'The agent of the task vanished without proof of its death.',
  TASK_SUPERSEDED: 'The task was called again with newer code before it started.',
  MESSAGE_MALFORMED: 'What came between an agent and a worker is not what either says.',
  RETRY_AFTER: 'A task asked to be run again later.',
  TASK_REMOVED: 'The task was taken out of the queue.',
  RESULT_TIMEOUT: 'The result was not there in the time given.',
  TASK_NEEDED: 'A task cannot be removed while unfinished tasks need it.',
  VALUE_NOT_ENCODABLE: 'A value among arguments, captured data or results cannot travel to another process.',
  VALUE_TOO_DEEP: 'A value is nested deeper than 1,000 levels.',
  VALUE_MALFORMED: 'The stored text of a value is not what tspipe writes.',
  VALUE_FORMAT_NEWER: 'The stored text of a value was written by a newer tspipe.',
  VALUE_CLASS_UNKNOWN: 'A stored value is of a class that is not known in this process.',
  CAPTURE_REFUSED: 'A function refers to something that cannot travel to a worker.',
  CAPTURE_CHANGED:
    'What a function refers to changed after its first call: an object, a class static, a method, a property of a function.',
  CAPTURE_TOO_LARGE: 'The data that a function refers to is larger than 64 MB.',
  CAPTURE_SECRET: 'A function refers to the value of an environment variable that is named like a secret.',
  CAPTURE_UNAVAILABLE: 'The inspector of Node, which tells what a function refers to, does not answer.',
  VERSION_DIFFERS:
    'A worker finds another version of a package than the call, and the version counts for identity.',
  MODULE_CHANGED: 'A module that a task loads where it runs is not what it was at the call.',
  PROGRAM_NOT_READABLE:
    'A stored function was written by another version, or names something that is not there.',
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
