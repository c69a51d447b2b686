import { accessSync, constants, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from '../app/index.ts';

// What a shell would take as it is, wherever it stands in a line.
const PROGRAM = /^[A-Za-z_./][\w./+-]*$/;
const WORD = /^[\w./+@%:,=-]+$/;

// Builtins and keywords of bash, without `true` and `false`, which do nothing else as programs.
const OF_SHELL = new Set(
  `. alias bg bind break builtin caller case cd command compgen complete compopt continue coproc declare dirs disown do
   done echo elif else enable esac eval exec exit export fc fg fi for function getopts hash help history if in jobs kill
   let local logout mapfile popd printf pushd pwd read readarray readonly return select set shift shopt source suspend
   test then time times trap type typeset ulimit umask unalias unset until wait while`.split(/\s+/),
);

// By these bash does more than the line says.
const STARTERS = ['BASH_ENV', 'BASHOPTS', 'SHELLOPTS'];

/**
 * A line that is one program and plain words, as a command without a shell: to start one takes as long as the program.
 * GNU make does the same. Undefined for all that a shell has to look at.
 */
export function plainCommand(line: string, env: Readonly<NodeJS.ProcessEnv>): Command | undefined {
  const [file = '', ...args] = line.trim().split(/[ \t]+/);
  const isPlain = PROGRAM.test(file) && args.every((word) => WORD.test(word)) && !OF_SHELL.has(file);
  if (!isPlain || STARTERS.some((name) => env[name] !== undefined)) return undefined;
  // A function that a shell exported, `module` on clusters, say, comes before a program.
  if (env[`BASH_FUNC_${file}%%`] !== undefined || !isProgram(file, env['PATH'])) return undefined;
  return { file, args };
}

/** One that is not there is for the shell to complain about. */
function isProgram(file: string, path: string | undefined): boolean {
  if (file.includes('/')) return isExecutable(file);
  const folders = path?.split(':') ?? [];
  return folders.some((folder) => isExecutable(join(folder || '.', file)));
}

/** False as well where a folder on the way to it may not be entered. */
function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
