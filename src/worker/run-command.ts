import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { commandError, commandOf, type CommandEnd } from '../app/index.ts';
import { PipeError } from '../errors.ts';
import { signalTree } from './end-tree.ts';

/** How the command of a bash app ended. */
export interface EndedCommand extends CommandEnd {
  readonly error: PipeError | undefined;
  /** Whether processes that it started are there yet, as far as that was looked at. */
  readonly hasLeft: boolean;
}

/** Where a command runs beside other tasks: its output comes through a callback, and an abort ends it. */
export interface Overlap {
  readonly signal: AbortSignal;
  readonly env: Readonly<Record<string, string>>;
  readonly onOutput: (stream: 'out' | 'err', text: string) => void;
}

/**
 * Runs the command of a bash app. Alone in its worker it writes to the worker's own descriptors. It shares the
 * worker's process group, so that ending the group ends all of it.
 */
export async function runCommand(
  returned: unknown,
  { name, overlap }: { readonly name: string; readonly overlap?: Overlap | undefined },
): Promise<EndedCommand> {
  const { file, args } = commandOf(returned, name);
  const child =
    overlap === undefined
      ? spawn(file, args, { stdio: ['ignore', 'inherit', 'inherit', 'pipe'] })
      : spawn(file, args, {
          stdio: ['ignore', 'pipe', 'pipe'],
          env: { ...process.env, ...overlap.env },
        });
  const { promise, resolve, reject } = Promise.withResolvers<EndedCommand>();
  child.once('error', (cause) => reject(cannotStart(file, name, cause)));
  child.once(overlap === undefined ? 'exit' : 'close', (exitCode, signal) => {
    const end = { exitCode, signal };
    resolve({ ...end, error: commandError(end, name), hasLeft: false });
  });
  if (overlap === undefined) {
    const held = whileHeld(child.stdio[3] as Readable);
    return { ...(await promise), hasLeft: await held() };
  }
  const { signal, onOutput } = overlap;
  child.stdout?.setEncoding('utf8').on('data', (text: string) => onOutput('out', text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => onOutput('err', text));
  const end = (): void => {
    if (child.pid !== undefined) signalTree(child.pid, 'SIGTERM');
  };
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  return await promise.finally(() => signal.removeEventListener('abort', end));
}

/**
 * All that a command starts inherits the other end of a pipe, unless it closes what it inherits: where the pipe ends
 * with the command, nothing is left. That is many times quicker than looking at the processes.
 */
function whileHeld(pipe: Readable): () => Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  pipe.once('close', () => resolve(false)).on('error', () => resolve(true));
  pipe.resume();
  return async () => {
    const timer = setTimeout(() => resolve(true), HELD_MS);
    const isHeld = await promise;
    clearTimeout(timer);
    pipe.destroy();
    return isHeld;
  };
}

// The end of a pipe is seen as soon as the end of the command, or a little later.
const HELD_MS = 10;

function cannotStart(file: string, name: string, cause: Error): PipeError {
  return new PipeError(
    'COMMAND_FAILED',
    `The command "${file}" of ${name} cannot be started: ${whyNot(cause)}.`,
    { cause },
  );
}

function whyNot(cause: Error): string {
  const code = 'code' in cause ? cause.code : undefined;
  if (code === 'ENOENT') return 'there is no such command';
  if (code === 'EACCES') return 'it is not executable';
  return cause.message;
}
