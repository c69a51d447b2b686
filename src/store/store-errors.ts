import { PipeError } from '../errors.ts';
import { isNotADatabase, isOutOfRoom, isUnwritable } from './driver.ts';

/** The error for a queue that this process closed. */
export function closedError(path: string): PipeError {
  return new PipeError('QUEUE_CLOSED', `The queue ${path} is closed. Open it again.`);
}

/** The error for a queue whose file was deleted, or replaced, while it was open. */
export function goneError(path: string): PipeError {
  return new PipeError(
    'QUEUE_NOT_FOUND',
    `The file of the queue ${path} was deleted, or replaced, while it was in use. Open the queue again.`,
  );
}

/** What SQLite reports, in words of ours. */
export function describe(error: unknown, path: string): unknown {
  if (isNotADatabase(error)) {
    return new PipeError(
      'QUEUE_NOT_A_QUEUE',
      `${path} is no queue file, or it is damaged. Choose another name, or restore it from a copy.`,
      { cause: error },
    );
  }
  if (isOutOfRoom(error)) {
    return new PipeError(
      'DISK_FULL',
      `${path} cannot be written: ${String(error instanceof Error ? error.message : error)}. Make room on its disk; nothing of it is half-done.`,
      { cause: error },
    );
  }
  if (isUnwritable(error)) {
    return new PipeError(
      'QUEUE_NOT_WRITABLE',
      `${path} cannot be opened for writing. Look at the rights of the file and its folder.`,
      { cause: error },
    );
  }
  return error;
}
