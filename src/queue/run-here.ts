import {
  type AnyFunction,
  commandError,
  commandOf,
  decodeWithFunctions,
  loadFunction,
  mapErrorStacks,
} from '../app/index.ts';
import type { TaskRow } from '../store/index.ts';
import { changeArguments } from './named-arguments.ts';
import { refuseCalls, storedProgram } from './stored-app.ts';
import type { TaskHost } from './task-host.ts';
import { readArguments } from './task-values.ts';

/** Runs a task in this process with its real arguments, or with others by name; writes nothing to the queue. */
export async function runHere(
  host: TaskHost,
  row: TaskRow,
  kwargs: Readonly<Record<string, unknown>>,
): Promise<unknown> {
  const program = storedProgram(host, row.program);
  const { fn, classes } = (await loadFunction(program, refuseCalls)).instance();
  const context = { submit: refuseCalls, classes };
  const stored = await decodeWithFunctions((how) => readArguments(host.store, row, how), context);
  const args = changeArguments(stored, program.parameters, kwargs);
  const returned = await callHere(fn, args);
  return row.kind === 'bash' ? await runCommand(returned, row.name) : returned;
}

async function callHere(fn: AnyFunction, args: readonly unknown[]): Promise<unknown> {
  try {
    return await Reflect.apply(fn, undefined, [...args]);
  } catch (error) {
    mapErrorStacks(error);
    throw error;
  }
}

async function runCommand(returned: unknown, name: string): Promise<string> {
  const { file, args } = commandOf(returned, name);
  // Loaded when needed: it takes longer to load than all the rest.
  const { execa } = await import('execa');
  const done = await execa(file, [...args], {
    reject: false,
    stripFinalNewline: false,
    stdin: 'ignore',
    stderr: 'inherit',
  });
  if (done.exitCode === undefined && done.signal === undefined && done.cause !== undefined) throw done.cause;
  const error = commandError({ exitCode: done.exitCode ?? null, signal: done.signal ?? null }, name);
  if (error !== undefined) throw error;
  return done.stdout;
}
