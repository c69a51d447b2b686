import { join } from 'node:path';
import { quoteShell } from '../util/index.ts';

/** What to run, with which variables, and where. `secrets` names those variables that must not reach a file. */
export interface SetUp {
  readonly commands: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
  readonly secrets: ReadonlySet<string>;
  readonly cwd: string;
}

// Only what the user wrote is held to account: scripts that are sourced, and functions such as `module`, may contain
// commands that fail. BASH_COMMAND is the text of the command.
const ON_FAILURE = (folder: string) =>
  [
    'tspipe_status=$?',
    `if ((\${#BASH_SOURCE[@]} < 2 && BASH_SUBSHELL == 0)); then`,
    `  printf %s "$BASH_COMMAND" >|${quoteShell(join(folder, 'failed'))}`,
    '  exit "$tspipe_status"',
    'fi',
  ].join('\n');

/**
 * The script that the login shell runs. It gets no positional parameters, because scripts that are sourced would see
 * them; and it writes variables, less the secrets, to files, NUL-separated, where no output of a command can get
 * between.
 */
export function setUpScript({ commands, variables, secrets, cwd }: SetUp, folder: string): string {
  const file = (name: string) => quoteShell(join(folder, name));
  const env = ['env', ...[...secrets].map((name) => `-u ${name}`), '-0'].join(' ');
  const dump = (name: string) => `builtin command -p ${env} >|${file(name)} || ${env} >|${file(name)}`;
  return [
    `exec >${file('output')} 2>&1`,
    ...restoringLines(variables, secrets),
    `builtin cd -- ${quoteShell(cwd)}`,
    dump('before'),
    `trap ${quoteShell(ON_FAILURE(folder))} ERR`,
    ...commands,
    'trap - ERR',
    dump('after'),
    '',
  ].join('\n');
}

// Read-only in bash, or its own.
const NOT_TO_RESTORE = new Set([
  'BASHOPTS',
  'EUID',
  'OLDPWD',
  'PPID',
  'PWD',
  'SHELLOPTS',
  'SHLVL',
  'UID',
  '_',
]);

/** Many a profile sets PATH anew, which would lose what the caller or the environment put there. */
function restoringLines(
  variables: Readonly<Record<string, string>>,
  secrets: ReadonlySet<string>,
): readonly string[] {
  return Object.entries(variables)
    .filter(([name]) => /^[A-Za-z_]\w*$/.test(name) && !secrets.has(name) && !NOT_TO_RESTORE.has(name))
    .map(([name, value]) => `export ${name}=${quoteShell(value)} 2>/dev/null`);
}
