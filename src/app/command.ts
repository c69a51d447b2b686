import { PipeError } from '../errors.ts';
import { showValue } from '../util/index.ts';

/** A program and its arguments, as the operating system takes them. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
}

/**
 * What a bash app's function returned, as a command: a list of arguments runs without a shell, a text by
 * `bash -euo pipefail -c`, where it is more than a program and plain words. Throws `COMMAND_INVALID` for anything else, and for an empty one.
 */
export function commandOf(returned: unknown, appName: string): Command {
  if (typeof returned === 'string') {
    if (returned.trim() === '') throw invalid(appName, 'an empty text');
    return { file: 'bash', args: ['-euo', 'pipefail', '-c', returned] };
  }
  if (!Array.isArray(returned)) throw invalid(appName, showValue(returned));
  const [file, ...args] = returned.map((word) => wordOf(word, appName));
  if (file === undefined || file === '') throw invalid(appName, 'an empty list');
  return { file, args };
}

function wordOf(word: unknown, appName: string): string {
  const text = typeof word === 'number' || typeof word === 'bigint' ? String(word) : word;
  if (typeof text !== 'string') throw invalid(appName, `a list that holds ${showValue(word)}`);
  if (text.includes('\0')) throw invalid(appName, 'a word with a NUL byte, which no program can be given');
  return text;
}

function invalid(appName: string, found: string): PipeError {
  return new PipeError(
    'COMMAND_INVALID',
    `The bash app ${appName} returned ${found}. Return a list such as ['ls', '-l', path], or a command line as text.`,
  );
}

/** How a command ended. */
export interface CommandEnd {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** The error of a command that did not succeed; undefined for exit code 0. */
export function commandError({ exitCode, signal }: CommandEnd, appName: string): PipeError | undefined {
  if (exitCode === 0) return undefined;
  return new PipeError('COMMAND_FAILED', `The command of ${appName} ${endInWords(exitCode, signal)}.`);
}

function endInWords(exitCode: number | null, signal: NodeJS.Signals | null): string {
  if (signal !== null) return `was ended by ${signal}`;
  if (exitCode === 141) return 'exited with code 141: a command of the pipe was cut off, SIGPIPE';
  if (exitCode === 127) return 'exited with code 127: a command in it was not found';
  if (exitCode === 126) return 'exited with code 126: a command in it cannot be executed';
  if (exitCode !== null && exitCode > 128 && exitCode < 160) {
    return `exited with code ${exitCode}: a command in it was ended by signal ${exitCode - 128}`;
  }
  return `exited with code ${exitCode}`;
}
