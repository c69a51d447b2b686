import { execFile } from 'node:child_process';
import { quoteShell } from '../../src/util/index.ts';
import { BIN, type CliResult } from './run-cli.ts';

/** Runs `tspipe` in a pseudo-terminal (made by util-linux's script) of so many columns; `input` is typed. */
export function runInTerminal(
  words: readonly string[],
  {
    cwd,
    columns = 80,
    input = '',
  }: { readonly cwd: string; readonly columns?: number; readonly input?: string },
): Promise<Omit<CliResult, 'err'>> {
  const command = `stty cols ${columns} -echo; ${[process.execPath, BIN, ...words].map((word) => quoteShell(word)).join(' ')}`;
  return new Promise((resolve) => {
    const child = execFile('script', ['-qec', command, '/dev/null'], { cwd }, (_error, out) =>
      resolve({ code: child.exitCode, out: out.replaceAll('\r\n', '\n') }),
    );
    child.stdin?.write(input);
    if (input === '') child.stdin?.end();
  });
}
