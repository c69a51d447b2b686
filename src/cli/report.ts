import { ERROR_CODES, type ErrorCode } from '../errors.ts';
import { visibleText } from '../util/index.ts';
import { ExitCode } from './exit-code.ts';

const WRONG_USAGE: ReadonlySet<ErrorCode> = new Set(['OPTION_INVALID', 'NAME_UNKNOWN', 'QUEUE_NAME_INVALID']);

/** Says what went wrong on standard error, with the stack only where it is asked for; gives the exit code. */
export function report(error: unknown, withStack: boolean): number {
  const code = codeOf(error);
  say(`tspipe: ${describe(error, code)}`);
  if (withStack && error instanceof Error) say(error.stack ?? '');
  return code !== undefined && WRONG_USAGE.has(code) ? ExitCode.USAGE : ExitCode.FAILED;
}

function say(text: string): void {
  process.stderr.write(`${visibleText(text)}\n`);
}

/** By the code and not by the class: a prompt has the package that scripts import, which is not the command's copy. */
function codeOf(error: unknown): ErrorCode | undefined {
  if (!(error instanceof Error && 'code' in error)) return undefined;
  const { code } = error;
  return typeof code === 'string' && code in ERROR_CODES ? (code as ErrorCode) : undefined;
}

function describe(error: unknown, code: ErrorCode | undefined): string {
  const message = error instanceof Error ? error.message : String(error);
  if (code !== undefined) return `${code}: ${message}`;
  return `${message} (this was not foreseen; --debug shows where it comes from)`;
}
