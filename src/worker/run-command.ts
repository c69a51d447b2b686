import { spawn } from 'node:child_process';
import { commandError, commandOf, type CommandEnd } from '../app/index.ts';
import { PipeError } from '../errors.ts';

/** How the command of a bash app ended, and its standard output where it was not written to the worker's own. */
export interface RunCommand extends CommandEnd {
  readonly error: PipeError | undefined;
}

/**
 * Runs the command of a bash app. Alone in its worker it writes to the worker's descriptors and shares its process
 * group, so that ending the group ends all of it. Overlapping, its output comes through `onOutput` and it has a group of
 * its own, which an abort ends.
 */
export async function runCommand(
  returned: unknown,
  {
    name,
    signal,
    onOutput,
  }: {
    name: string;
    signal: AbortSignal;
    onOutput?: ((stream: 'out' | 'err', text: string) => void) | undefined;
  },
): Promise<RunCommand> {
  const { file, args } = commandOf(returned, name);
  const isAlone = onOutput === undefined;
  const child = spawn(file, args, {
    stdio: isAlone ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
    detached: !isAlone,
  });
  if (!isAlone) {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => onOutput('out', text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => onOutput('err', text));
    signal.addEventListener('abort', () => endGroup(child.pid), { once: true });
  }
  return await new Promise((resolve, reject) => {
    child.once('error', (cause) => reject(cannotStart(file, name, cause)));
    child.once(isAlone ? 'exit' : 'close', (exitCode, by) => {
      const end = { exitCode, signal: by };
      resolve({ ...end, error: commandError(end, name) });
    });
  });
}

const GRACE_MS = 10_000;

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  killGroup(pid, 'SIGTERM');
  setTimeout(() => killGroup(pid, 'SIGKILL'), GRACE_MS).unref();
}

function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

function cannotStart(file: string, name: string, cause: Error): PipeError {
  const code = 'code' in cause ? cause.code : undefined;
  const why =
    code === 'ENOENT'
      ? 'there is no such command'
      : code === 'EACCES'
        ? 'it is not executable'
        : cause.message;
  return new PipeError('COMMAND_FAILED', `The command "${file}" of ${name} cannot be started: ${why}.`, {
    cause,
  });
}
