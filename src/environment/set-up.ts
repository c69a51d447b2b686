import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PipeError } from '../errors.ts';
import { lastLines, OWN_FILE, OWN_FOLDER } from '../util/index.ts';
import { readChanges, type SetUpChanges } from './set-up-changes.ts';
import { type SetUp, setUpScript } from './set-up-script.ts';

/**
 * Runs set-up commands one after the other in one login shell, and tells which variables they changed; what the
 * profile of the user sets by itself does not count, and where it replaced one of the variables, that is put back first.
 * Throws `ENVIRONMENT_FAILED` with the command, its exit code and the end of its output.
 */
export async function runSetUp(setUp: SetUp): Promise<SetUpChanges> {
  const folder = await mkdtemp(join(tmpdir(), 'tspipe-environment-'));
  try {
    await makeFiles(folder, setUpScript(setUp, folder));
    const ending = await runLoginShell(setUp, folder);
    const after = await read(join(folder, 'after'));
    if (ending !== '' || after === '') throw await failure(ending, folder);
    return readChanges(await read(join(folder, 'before')), after);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Those that the shell is to write are made before: its umask is the user's. */
async function makeFiles(folder: string, script: string): Promise<void> {
  await chmod(folder, OWN_FOLDER);
  const texts = { script, output: '', before: '', after: '', failed: '' };
  for (const [name, text] of Object.entries(texts)) {
    await writeFile(join(folder, name), text, { mode: OWN_FILE, flag: 'wx' });
    await chmod(join(folder, name), OWN_FILE);
  }
}

/** Returns how the shell failed, empty when it did not. */
async function runLoginShell({ variables, cwd }: SetUp, folder: string): Promise<string> {
  const { execa } = await import('execa');
  // The script sends its output to a file. A pipe would stay open as long as anything a command left running.
  const { exitCode, signal, originalMessage, failed } = await execa('bash', ['-l', join(folder, 'script')], {
    cwd,
    env: variables,
    extendEnv: false,
    stdio: 'ignore',
    reject: false,
  });
  if (!failed) return '';
  return exitCode === undefined ? (signal ?? originalMessage ?? 'no exit code') : `exit code ${exitCode}`;
}

async function failure(ending: string, folder: string): Promise<PipeError> {
  const command = await read(join(folder, 'failed'));
  const output = await read(join(folder, 'output'));
  const what =
    command === ''
      ? 'The login shell for the set-up commands of the environment ended before they were done'
      : `The set-up command "${command}" of the environment failed`;
  const how = ending === '' ? 'exit code 0' : ending;
  const tail = output.trim() === '' ? '' : `\n${lastLines(output, 10)}`;
  return new PipeError('ENVIRONMENT_FAILED', `${what} (${how}). Try it in \`bash -l\`.${tail}`);
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    // The shell did not come as far as writing it.
    return '';
  }
}
