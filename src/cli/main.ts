import { CommanderError } from 'commander';
import { endQuietlyWithPipe } from './closed-pipe.ts';
import { ExitCode } from './exit-code.ts';
import { maskOutput } from './mask-output.ts';
import { makeProgram } from './program.ts';
import { report } from './report.ts';

/** The command line: reads the words after `tspipe`, does what they say, and sets the exit code. */
export async function main(words: readonly string[]): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) {
    endQuietlyWithPipe(stream);
    maskOutput(stream);
  }
  try {
    if (words.length === 0) await (await import('./overview.ts')).showOverview();
    else await makeProgram().parseAsync(words, { from: 'user' });
  } catch (error) {
    // Commander has said what was wrong, or shown the help that was asked for.
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : ExitCode.USAGE;
    else process.exitCode = report(error, words.includes('--debug'));
  }
}
