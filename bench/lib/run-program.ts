import { execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Program } from './program.ts';
import { type Figures, ROOT } from './place.ts';

// A program that hangs must not stop the bench.
const TIMEOUT_MS = 15 * 60 * 1000;

/** What it said instead of figures: it cannot run here, or its results were wrong. */
export class ProgramFailed extends Error {
  override readonly name = 'ProgramFailed';
}

/** Runs a program alone; resolves to the figures that it prints as the last line. */
export async function runProgram(
  program: Program,
  word: string,
  env: NodeJS.ProcessEnv = {},
): Promise<Figures> {
  const [command = '', ...words] = [...commandOf(program), word, ...(program.more ?? [])];
  const child = spawn(command, words, {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: TIMEOUT_MS,
  });
  const [out, err] = [text(child.stdout), text(child.stderr)];
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (...end) => resolve(end));
  });
  const last = (await out).trim().split('\n').at(-1) ?? '';
  if (code === 0 && last.startsWith('{')) return JSON.parse(last) as Figures;
  throw new ProgramFailed(`${program.name}: ended with ${code ?? signal}\n${tail(await err)}`);
}

function commandOf({ file, tsx = false }: Program): string[] {
  const path = join(import.meta.dirname, '..', file);
  if (file.endsWith('.py')) return [PYTHON, path];
  if (tsx) return [process.execPath, join(ROOT, 'node_modules/tsx/dist/cli.mjs'), path];
  return [process.execPath, '--disable-warning=ExperimentalWarning', path];
}

/** That of the system, which finds what Debian packages install. */
export const PYTHON = '/usr/bin/python3';

async function text(stream: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function tail(output: string): string {
  return output.trim().split('\n').slice(-15).join('\n');
}

/** What a command prints, or undefined where there is no such command. */
export async function output(command: string, ...words: string[]): Promise<string | undefined> {
  return await new Promise((resolve) => {
    execFile(command, words, { cwd: ROOT }, (error, stdout) => resolve(error ? undefined : stdout.trim()));
  });
}
