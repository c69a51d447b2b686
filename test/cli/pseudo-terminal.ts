import { execFile } from 'node:child_process';
import { quoteShell } from '../../src/util/index.ts';
import { BIN, type CliResult } from './run-cli.ts';

export interface TerminalOptions {
  readonly cwd: string;
  readonly columns?: number;
  readonly env?: NodeJS.ProcessEnv;
  /** What is typed, once `prompt` is there. */
  readonly input?: string;
  readonly prompt?: string;
}

/** Runs `tspipe` in a pseudo-terminal, which util-linux's script makes. */
export function runInTerminal(
  words: readonly string[],
  { cwd, columns = 80, env = {}, input, prompt = '' }: TerminalOptions,
): Promise<Omit<CliResult, 'err'>> {
  const quoted = [process.execPath, BIN, ...words].map((word) => quoteShell(word)).join(' ');
  const command = `stty cols ${columns} -echo; ${quoted}`;
  return new Promise((resolve) => {
    const child = execFile(
      'script',
      ['-qec', command, '/dev/null'],
      { cwd, env: { ...process.env, ...env } },
      (_error, out) => resolve({ code: child.exitCode, out: out.replaceAll('\r\n', '\n') }),
    );
    if (input === undefined) {
      child.stdin?.end();
      return;
    }
    let shown = '';
    child.stdout?.on('data', (text: string) => {
      const isBefore = !shown.includes(prompt);
      shown += text;
      if (isBefore && shown.includes(prompt)) child.stdin?.write(input);
    });
  });
}
