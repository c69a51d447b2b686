import { PipeError } from '../errors.ts';

/**
 * Thrown in a task, it puts the task back: another attempt is due after so many seconds, and this one does not count
 * against `retries`. For what says when to come back, such as a service that is busy.
 *
 * @example
 * if (response.status === 429) throw new RetryAfter(Number(response.headers.get('retry-after') ?? 60));
 */
export class RetryAfter extends PipeError {
  override readonly name = 'RetryAfter';
  readonly seconds: number;

  constructor(seconds: number, message = `The task asked to be run again in ${seconds} s.`) {
    if (!(seconds >= 0 && seconds <= LONGEST_SECONDS)) {
      throw new PipeError(
        'ARGUMENT_INVALID',
        `RetryAfter takes seconds, from 0 to ${LONGEST_SECONDS} (a year), not ${seconds}.`,
      );
    }
    super('RETRY_AFTER', message);
    this.seconds = seconds;
  }
}

const LONGEST_SECONDS = 31_536_000;

/** The seconds of a RetryAfter, also of one from another copy of this module; undefined for all else. */
export function retryAfterSeconds(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'RETRY_AFTER') return undefined;
  return 'seconds' in error && typeof error.seconds === 'number' ? error.seconds : undefined;
}
