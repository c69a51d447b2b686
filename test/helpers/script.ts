import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

export interface Script {
  readonly child: ChildProcess;
  /** Standard output so far. */
  readonly out: () => string;
  readonly err: () => string;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
}

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Runs a script as a process of its own, with this package installed beside it. It is gone when the test is over. */
export function runScript(
  folder: string,
  text: string,
  {
    name = 'script',
    args = [],
    limits = '',
  }: { readonly name?: string; readonly args?: readonly string[]; readonly limits?: string } = {},
): Script {
  const path = join(folder, `${name}.mjs`);
  writeFileSync(path, text);
  const installed = join(folder, 'node_modules', 'tspipe');
  mkdirSync(dirname(installed), { recursive: true });
  if (!existsSync(installed)) symlinkSync(root, installed);
  const command = [process.execPath, '--disable-warning=ExperimentalWarning', path, ...args];
  // `limits`: what a shell says before it becomes the script.
  const [file = '', ...words] =
    limits === '' ? command : ['bash', '-c', `${limits}; exec "$@"`, 'bash', ...command];
  const child = spawn(file, words, {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) =>
    child.once('close', (code, signal) => resolve({ code, signal })),
  );
  return { child, out: () => out, err: () => err, ended };
}
