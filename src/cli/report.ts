import { PipeError, type ErrorCode } from '../errors.ts';
import { ExitCode } from './exit-code.ts';

const WRONG_USAGE: ReadonlySet<ErrorCode> = new Set(['OPTION_INVALID', 'NAME_UNKNOWN', 'QUEUE_NAME_INVALID']);

/** Says what went wrong on standard error, with the stack only where it is asked for; gives the exit code. */
export function report(error: unknown, withStack: boolean): number {
  process.stderr.write(`tspipe: ${describe(error)}\n`);
  if (withStack && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`);
  return error instanceof PipeError && WRONG_USAGE.has(error.code) ? ExitCode.USAGE : ExitCode.FAILED;
}

function describe(error: unknown): string {
  if (error instanceof PipeError) return `${error.code}: ${error.message}`;
  const message = error instanceof Error ? error.message : String(error);
  return `${message} (this was not foreseen; --debug shows where it comes from)`;
}
