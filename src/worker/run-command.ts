import { spawn } from 'node:child_process';
import { type Command, commandError, commandOf, type CommandEnd } from '../app/index.ts';
import { PipeError } from '../errors.ts';
import { signalTree } from './end-tree.ts';
import { LoneCommands } from './lone-commands.ts';
import { plainCommand } from './plain-line.ts';

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
  { name, place }: { readonly name: string; readonly place: Place },
): Promise<EndedCommand> {
  const command = commandOf(returned, name);
  try {
    const end = (await runPlain(returned, place)) ?? (await run(command, place));
    return { hasLeft: false, ...end, error: commandError(end, name) };
  } catch (cause) {
    if (cause instanceof Error) throw cannotStart(command.file, name, cause);
    throw cause;
  }
}

type Place = LoneCommands | Overlap;

async function run(command: Command, place: Place): Promise<CommandEnd & { readonly hasLeft?: boolean }> {
  return place instanceof LoneCommands ? await place.run(command) : await runOverlapping(command, place);
}

/** Undefined where the line needs a shell, if only because it cannot be started without, as a script without `#!`. */
async function runPlain(returned: unknown, place: Place): Promise<CommandEnd | undefined> {
  const env = place instanceof LoneCommands ? place.variables : { ...process.env, ...place.env };
  const plain = typeof returned === 'string' ? plainCommand(returned, env) : undefined;
  try {
    return plain && (await run(plain, place));
  } catch (error) {
    // What is not of the start has a cause that a shell would not mend.
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}

async function runOverlapping(
  { file, args }: Command,
  { signal, env, onOutput }: Overlap,
): Promise<CommandEnd> {
  const child = spawn(file, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  const { promise, resolve, reject } = Promise.withResolvers<CommandEnd>();
  child.once('error', reject);
  child.once('close', (exitCode, signal) => resolve({ exitCode, signal }));
  child.stdout.setEncoding('utf8').on('data', (text: string) => onOutput('out', text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => onOutput('err', text));
  const end = (): void => {
    if (child.pid !== undefined) signalTree(child.pid, 'SIGTERM');
  };
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  return await promise.finally(() => signal.removeEventListener('abort', end));
}

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
